import { compressionsAlgorithms } from '@platformatic/kafka';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { KafkaFault } from './kafka-fault.js';
import { lz4MaxSize, snappySize } from './unpacked-size.js';

type Unpack = (packed: Buffer, maxBytes: number) => Buffer;

/** By the compression type of a record batch. Each refuses to make more than it may before it has made it. */
const codecs: Readonly<Record<number, Unpack>> = {
  1: (packed, maxOutputLength) => gunzipSync(packed, { maxOutputLength }),
  2: (packed, maxBytes) => {
    requireAtMost(snappySize(packed), maxBytes);
    return compressionsAlgorithms.snappy.decompressSync(packed);
  },
  3: (packed, maxBytes) => {
    requireAtMost(lz4MaxSize(packed), maxBytes);
    return compressionsAlgorithms.lz4.decompressSync(packed);
  },
  4: (packed, maxOutputLength) => zstdDecompressSync(packed, { maxOutputLength }),
};

/** Throws a KafkaFault: RECORD_BATCH_TOO_LARGE above the ceiling, CORRUPT_MESSAGE when the bytes make no sense. */
export function unpackRecords(packed: Buffer, compression: number, maxBytes: number, baseOffset: number): Buffer {
  const unpack = codecs[compression];
  if (!unpack) {
    throw new KafkaFault('UNSUPPORTED_COMPRESSION_TYPE', 'fatal', `Compression type ${compression} is not known`);
  }
  try {
    return unpack(packed, maxBytes);
  } catch (error) {
    const batch = `A record batch at offset ${baseOffset}`;
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      const text = `${batch} exceeds ${maxBytes} bytes after decompression; raise server.maxRecordMiB`;
      throw new KafkaFault('RECORD_BATCH_TOO_LARGE', 'fatal', text, error);
    }
    throw new KafkaFault('CORRUPT_MESSAGE', 'fatal', `${batch} cannot be decompressed: ${String(error)}`, error);
  }
}

/** Fails as zlib does, so that all codecs are told apart in one way. */
function requireAtMost(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) {
    throw Object.assign(new RangeError(`${bytes} bytes`), { code: 'ERR_BUFFER_TOO_LARGE' });
  }
}
