import { isUtf8 } from 'node:buffer';
import type { Rejection } from '../../domain/rejection.js';
import { MAX_DEPTH } from '../../json/json-walk.js';
import { type JsonScanner, Scan } from './json-scanner.js';
import { messageJsonLength, wrapAsMessage } from './message-json.js';

/**
 * - `kept`: a JSON object, byte for byte as it came (without a byte-order mark)
 * - `message`: anything else, as `{"message": <text>}`
 * - `tombstone`: no value at all; the pipeline's policy decides
 * - `rejected`: see `rejection`
 */
export type Ensured = 'kept' | 'message' | 'tombstone' | 'rejected';

/** Room that the `{"message"}` form may take above the limit; output topics allow a record 1 MiB above it. */
const MESSAGE_HEADROOM_BYTES = 512 * 1024;

/** First step of a record: makes sure that it is a JSON object. Results are overwritten by the next call. */
export class EnsureJson {
  /** The JSON object after `kept` and `message`; the scanner holds its scan. */
  bytes: Buffer = Buffer.alloc(0);
  /** The text was not UTF-8 and was decoded with U+FFFD: the output record says so in a header. */
  invalidUtf8 = false;
  /** Set after `rejected` alone. */
  rejection: Rejection | undefined;

  constructor(
    private readonly scanner: JsonScanner,
    private readonly maxRecordBytes: number,
  ) {}

  /** A null value is a tombstone, an empty one is the empty text; `extraBytes` is the size of key and headers. */
  ensure(value: Buffer | null, extraBytes: number): Ensured {
    this.invalidUtf8 = false;
    this.rejection = undefined;
    const recordBytes = extraBytes + (value?.length ?? 0);
    if (recordBytes > this.maxRecordBytes) {
      return this.rejectAsTooLarge(`record of ${recordBytes} bytes (key, value and headers)`);
    }
    if (value === null) {
      return 'tombstone';
    }
    const text = withoutByteOrderMark(value);
    const code = this.scanner.scan(text, 0, text.length);
    if (code === Scan.notObject || !isUtf8(text)) {
      return this.makeMessage(text, extraBytes);
    }
    if (code === Scan.tooDeep) {
      return this.reject('JSON_TOO_DEEP', `nested deeper than ${MAX_DEPTH} levels`);
    }
    this.bytes = text;
    return 'kept';
  }

  private makeMessage(value: Buffer, extraBytes: number): Ensured {
    this.invalidUtf8 = !isUtf8(value);
    // Decoding puts U+FFFD in the place of what is not UTF-8.
    const text = this.invalidUtf8 ? Buffer.from(value.toString('utf8')) : value;
    const length = messageJsonLength(text);
    if (length + extraBytes > this.maxRecordBytes + MESSAGE_HEADROOM_BYTES) {
      return this.rejectAsTooLarge(`record of ${length + extraBytes} bytes in its form {"message": <text>}`);
    }
    this.bytes = wrapAsMessage(text, length);
    this.scanner.scan(this.bytes, 0, length);
    return 'message';
  }

  private rejectAsTooLarge(what: string): Ensured {
    return this.reject('RECORD_TOO_LARGE', `${what}, the limit is ${this.maxRecordBytes}`);
  }

  private reject(code: 'RECORD_TOO_LARGE' | 'JSON_TOO_DEEP', reason: string): Ensured {
    this.rejection = { code, reason, stage: 'json' };
    return 'rejected';
  }
}

function withoutByteOrderMark(value: Buffer): Buffer {
  const isMarked = value.length >= 3 && value[0] === 0xef && value[1] === 0xbb && value[2] === 0xbf;
  return isMarked ? value.subarray(3) : value;
}
