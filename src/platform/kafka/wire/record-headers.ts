import { VarintReader, varintSize, writeVarint } from './varint.js';

/** Name and value of a header; a value may be null. Duplicate names are legal and keep their order. */
export type RecordHeader = readonly [name: Buffer, value: Buffer | null];

/** Reads the headers that start (with their count) at a position; made only when somebody asks for them. */
export function readHeaders(bytes: Buffer, headersStart: number): RecordHeader[] {
  const varint = new VarintReader(bytes);
  varint.position = headersStart;
  const count = varint.read();
  const headers: RecordHeader[] = [];
  for (let i = 0; i < count; i++) {
    const name = readBytes(bytes, varint) ?? Buffer.alloc(0);
    headers.push([name, readBytes(bytes, varint)]);
  }
  return headers;
}

/** Headers in the bytes that a record holds, without their count. */
export function encodeHeaders(headers: readonly RecordHeader[]): Buffer {
  let size = 0;
  for (const [name, value] of headers) {
    size += varintSize(name.length) + name.length + varintSize(value?.length ?? -1) + (value?.length ?? 0);
  }
  const out = Buffer.allocUnsafe(size);
  let position = 0;
  for (const [name, value] of headers) {
    position = writeVarint(out, position, name.length);
    position += name.copy(out, position);
    position = writeVarint(out, position, value?.length ?? -1);
    position += value?.copy(out, position) ?? 0;
  }
  return out;
}

function readBytes(bytes: Buffer, varint: VarintReader): Buffer | null {
  const length = varint.read();
  if (length < 0) {
    return null;
  }
  const start = varint.position;
  varint.position += length;
  return bytes.subarray(start, varint.position);
}
