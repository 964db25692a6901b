import { HeaderCursor } from '../../../platform/kafka/wire/header-cursor.js';
import {
  findSampledParent,
  TRACE_PARENT,
  TRACE_STATE,
  type TraceParent,
} from '../../../platform/tracing/trace-parent.js';

/** Where a record and its headers lie, such as a RecordCursor tells it. */
export interface RecordBytes {
  bytes: Buffer;
  /** Where the header count stands. */
  headersStart: number;
  recordEnd: number;
}

export interface FoundTrace {
  parent: TraceParent;
  /** Empty when there is none. */
  traceState: string;
  /** The name of the traceparent header ends here, counted from the header count of the record. */
  nameEnd: number;
  /** Its value ends here. */
  valueEnd: number;
}

const PARENT_NAME = Buffer.from(TRACE_PARENT);
const STATE_NAME = Buffer.from(TRACE_STATE);
/** More is not worth carrying: the standard lets go of a tracestate that is longer. */
const MAX_STATE_BYTES = 512;

/** Finds the trace that a record belongs to, with nothing made for a record that brings none, or one that is not recorded. */
export class TraceHeaders {
  private readonly headers = new HeaderCursor();

  /** Undefined when no recorded trace comes with the record. Of several headers the last counts, as for Kafka's own clients. */
  find({ bytes, headersStart, recordEnd }: RecordBytes): FoundTrace | undefined {
    const { headers } = this;
    let found: { parent: TraceParent; nameEnd: number; valueEnd: number } | undefined;
    let traceState = '';
    headers.reset(bytes, headersStart, recordEnd);
    while (headers.next()) {
      const { nameStart, nameLength, valueStart, valueLength } = headers;
      const nameEnd = nameStart + nameLength;
      const valueEnd = valueStart + valueLength;
      if (isNamed(bytes, nameStart, nameLength, PARENT_NAME)) {
        const parent = findSampledParent(bytes, valueStart, valueEnd);
        found = parent && { parent, nameEnd: nameEnd - headersStart, valueEnd: valueEnd - headersStart };
      } else if (valueLength <= MAX_STATE_BYTES && isNamed(bytes, nameStart, nameLength, STATE_NAME)) {
        traceState = bytes.toString('latin1', valueStart, Math.max(valueStart, valueEnd));
      }
    }
    return found && { ...found, traceState };
  }
}

/** Byte by byte: for so few a call into the runtime would cost more. */
function isNamed(bytes: Buffer, start: number, length: number, name: Buffer): boolean {
  if (length !== name.length) {
    return false;
  }
  for (let at = 0; at < length; at++) {
    if (bytes[start + at] !== name[at]) {
      return false;
    }
  }
  return true;
}
