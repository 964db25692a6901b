import { crc32c } from '@platformatic/kafka';
import { varintSize, writeVarint } from './varint.js';

const HEADER_BYTES = 61;
const TRANSACTIONAL = 1 << 4;
/** Room for the length, deltas and lengths of one record beside its bytes. */
const RECORD_OVERHEAD = 40;

export interface ProducerIdentity {
  id: bigint;
  epoch: number;
}

/**
 * A record on its way out. Key and headers are ranges of other buffers, so that what was read is copied once, into
 * the request.
 */
export interface OutgoingRecord {
  /** Epoch ms. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  /** Already encoded headers, see encodeHeaders; undefined is none. Both ranges are written one after the other. */
  headers?: Buffer;
  moreHeaders?: Buffer;
  headerCount: number;
}

/**
 * Builds one record batch (format 2) for one partition. `append` takes records as long as the batch stays below its
 * limit; the first record is always taken, so that a record larger than the limit travels alone.
 */
export class RecordBatchWriter {
  private out: Buffer;
  private position = HEADER_BYTES;
  private baseTimestamp = 0;
  private maxTimestamp = 0;
  count = 0;

  constructor(private readonly maxBytes: number) {
    this.out = Buffer.allocUnsafe(Math.min(maxBytes, 64 * 1024));
  }

  get byteLength(): number {
    return this.position;
  }

  /** False when the record does not fit any more: close this batch and start another. */
  append(record: OutgoingRecord): boolean {
    const body =
      (record.key?.length ?? 0) +
      (record.value?.length ?? 0) +
      (record.headers?.length ?? 0) +
      (record.moreHeaders?.length ?? 0);
    if (this.count > 0 && this.position + body + RECORD_OVERHEAD > this.maxBytes) {
      return false;
    }
    this.makeRoom(body + RECORD_OVERHEAD);
    if (this.count === 0) {
      this.baseTimestamp = record.timestamp;
      this.maxTimestamp = record.timestamp;
    } else if (record.timestamp > this.maxTimestamp) {
      this.maxTimestamp = record.timestamp;
    }
    this.write(record, body);
    this.count++;
    return true;
  }

  /** The finished batch. `sequence` is that of its first record. The writer is spent afterwards. */
  finish(producer: ProducerIdentity, sequence: number, transactional: boolean): Buffer {
    const { out } = this;
    const batch = out.subarray(0, this.position);
    out.writeBigInt64BE(0n, 0);
    out.writeInt32BE(batch.length - 12, 8);
    out.writeInt32BE(-1, 12);
    out[16] = 2;
    out.writeInt16BE(transactional ? TRANSACTIONAL : 0, 21);
    out.writeInt32BE(this.count - 1, 23);
    out.writeBigInt64BE(BigInt(this.baseTimestamp), 27);
    out.writeBigInt64BE(BigInt(this.maxTimestamp), 35);
    out.writeBigInt64BE(producer.id, 43);
    out.writeInt16BE(producer.epoch, 51);
    out.writeInt32BE(sequence, 53);
    out.writeInt32BE(this.count, 57);
    out.writeUInt32BE(crc32c(out.subarray(21, batch.length)), 17);
    return batch;
  }

  private write(record: OutgoingRecord, body: number): void {
    const { out } = this;
    const timestampDelta = record.timestamp - this.baseTimestamp;
    const keyLength = record.key?.length ?? -1;
    const valueLength = record.value?.length ?? -1;
    const length =
      1 +
      varintSize(timestampDelta) +
      varintSize(this.count) +
      varintSize(keyLength) +
      varintSize(valueLength) +
      varintSize(record.headerCount) +
      body;
    let position = writeVarint(out, this.position, length);
    out[position++] = 0;
    position = writeVarint(out, position, timestampDelta);
    position = writeVarint(out, position, this.count);
    position = writeVarint(out, position, keyLength);
    position += record.key?.copy(out, position) ?? 0;
    position = writeVarint(out, position, valueLength);
    position += record.value?.copy(out, position) ?? 0;
    position = writeVarint(out, position, record.headerCount);
    position += record.headers?.copy(out, position) ?? 0;
    position += record.moreHeaders?.copy(out, position) ?? 0;
    this.position = position;
  }

  private makeRoom(bytes: number): void {
    const needed = this.position + bytes;
    if (needed <= this.out.length) {
      return;
    }
    const grown = Buffer.allocUnsafe(Math.max(needed, Math.min(this.out.length * 2, this.maxBytes)));
    this.out.copy(grown, 0, 0, this.position);
    this.out = grown;
  }
}
