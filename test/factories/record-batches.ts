import { compressionsAlgorithms, crc32c } from '@platformatic/kafka';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { RecordCursor } from '../../src/platform/kafka/wire/record-cursor.js';
import { RecordBatchWriter } from '../../src/platform/kafka/wire/record-batch.js';
import { encodeHeaders, readHeaders } from '../../src/platform/kafka/wire/record-headers.js';
import { zigzag } from './zigzag.js';

type Bytes = string | Buffer;

export interface GivenRecord {
  /** Epoch ms. */
  timestamp?: number;
  key?: Bytes | null;
  value?: Bytes | null;
  headers?: readonly (readonly [name: Bytes, value: Bytes | null])[];
  /** Place in the batch when compaction left holes; else the records follow each other. */
  offsetDelta?: number;
}

export type Codec = 'gzip' | 'snappy' | 'lz4' | 'zstd';

export interface GivenBatch {
  baseOffset?: number;
  records?: readonly GivenRecord[];
  /** When the last records were compacted away. */
  lastOffsetDelta?: number;
  producerId?: bigint;
  isTransactional?: boolean;
  isControl?: boolean;
  /** The broker's time, when the topic says message.timestamp.type=LogAppendTime. */
  appendTime?: number;
  codec?: Codec;
}

export interface ReadRecord {
  offset: number;
  timestamp: number;
  key: string | null;
  value: string | null;
  headers: [string, string | null][];
}

export const FIRST_TIMESTAMP = 1_735_689_600_123;
const HEADER_BYTES = 61;
const LOG_APPEND_TIME = 1 << 3;
const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;
const codecs: Record<Codec, number> = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 };

const bytesOf = (value: Bytes | null | undefined): Buffer | null =>
  value === null || value === undefined ? null : Buffer.from(value);

/** A record batch as a broker stores it, put together by hand from the format's description. */
export function recordBatch(given: GivenBatch): Buffer {
  const records = given.records ?? [];
  const baseTimestamp = records[0]?.timestamp ?? FIRST_TIMESTAMP;
  const plain = Buffer.concat(records.map((record, index) => recordBytes(record, index, baseTimestamp)));
  const payload = given.codec ? compress(plain, given.codec) : plain;
  const batch = Buffer.concat([Buffer.alloc(HEADER_BYTES), payload]);
  const lastDelta = given.lastOffsetDelta ?? records.at(-1)?.offsetDelta ?? Math.max(records.length - 1, 0);
  const times = records.map((record) => record.timestamp ?? FIRST_TIMESTAMP);
  batch.writeBigInt64BE(BigInt(given.baseOffset ?? 0), 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch[16] = 2;
  batch.writeInt16BE(attributesOf(given), 21);
  batch.writeInt32BE(lastDelta, 23);
  batch.writeBigInt64BE(BigInt(baseTimestamp), 27);
  batch.writeBigInt64BE(BigInt(given.appendTime ?? Math.max(baseTimestamp, ...times)), 35);
  batch.writeBigInt64BE(given.producerId ?? -1n, 43);
  batch.writeInt32BE(records.length, 57);
  return withChecksum(batch);
}

/** The marker that ends a transaction. */
export function controlBatch(baseOffset: number, producerId: bigint, kind: 'commit' | 'abort'): Buffer {
  const key = Buffer.from([0, 0, 0, kind === 'commit' ? 1 : 0]);
  return recordBatch({
    baseOffset,
    producerId,
    isTransactional: true,
    isControl: true,
    records: [{ key, value: Buffer.alloc(6) }],
  });
}

/** The same through the program's own writer. */
export function writtenBatch(records: readonly GivenRecord[], baseOffset = 0): Buffer {
  const writer = new RecordBatchWriter(Number.MAX_SAFE_INTEGER);
  for (const record of records) {
    const headers = record.headers ?? [];
    writer.append({
      timestamp: record.timestamp ?? FIRST_TIMESTAMP,
      key: bytesOf(record.key),
      value: bytesOf(record.value),
      headers: encodeHeaders(headers.map(([name, value]) => [Buffer.from(name), bytesOf(value)] as const)),
      headerCount: headers.length,
    });
  }
  const batch = writer.finish({ id: -1n, epoch: -1 }, -1, false);
  batch.writeBigInt64BE(BigInt(baseOffset), 0);
  return batch;
}

/** After a change of bytes that the checksum covers. */
export function withChecksum(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

/** Everything that the cursor shows from here on. */
export function drain(cursor: RecordCursor): ReadRecord[] {
  const records: ReadRecord[] = [];
  while (cursor.next()) {
    const { bytes, offset, timestamp, keyStart, keyLength } = cursor;
    records.push({
      offset,
      timestamp,
      key: keyLength < 0 ? null : bytes.toString('utf8', keyStart, keyStart + keyLength),
      value: cursor.value()?.toString() ?? null,
      headers: readHeaders(bytes, cursor.headersStart).map(([name, value]) => [
        name.toString(),
        value?.toString() ?? null,
      ]),
    });
  }
  return records;
}

function attributesOf({ codec, appendTime, isTransactional, isControl }: GivenBatch): number {
  return (
    (codec ? codecs[codec] : 0) |
    (appendTime === undefined ? 0 : LOG_APPEND_TIME) |
    (isTransactional ? TRANSACTIONAL : 0) |
    (isControl ? CONTROL : 0)
  );
}

function recordBytes(record: GivenRecord, index: number, baseTimestamp: number): Buffer {
  const headers = record.headers ?? [];
  const body = Buffer.concat([
    Buffer.from([0]),
    zigzag((record.timestamp ?? FIRST_TIMESTAMP) - baseTimestamp),
    zigzag(record.offsetDelta ?? index),
    withLength(bytesOf(record.key)),
    withLength(bytesOf(record.value)),
    zigzag(headers.length),
    ...headers.flatMap(([name, value]) => [withLength(Buffer.from(name)), withLength(bytesOf(value))]),
  ]);
  return Buffer.concat([zigzag(body.length), body]);
}

function withLength(value: Buffer | null): Buffer {
  return value ? Buffer.concat([zigzag(value.length), value]) : zigzag(-1);
}

function compress(plain: Buffer, codec: Codec): Buffer {
  switch (codec) {
    case 'gzip':
      return gzipSync(plain);
    case 'zstd':
      return zstdCompressSync(plain);
    case 'snappy':
    case 'lz4':
      return Buffer.from(compressionsAlgorithms[codec].compressSync(plain));
  }
}
