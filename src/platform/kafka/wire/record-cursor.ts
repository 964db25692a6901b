import { crc32c } from '@platformatic/kafka';
import { KafkaFault } from './kafka-fault.js';
import { unpackRecords } from './unpack-records.js';
import { VarintReader } from './varint.js';

/** A transaction that was aborted, as a fetch answer lists it. */
export interface AbortedTransaction {
  producerId: bigint;
  firstOffset: number;
}

export interface RecordCursorOptions {
  /** Bytes that one record batch may have after decompression. */
  maxDecompressedBytes: number;
}

const HEADER_BYTES = 61;
const COMPRESSION_MASK = 0b111;
const LOG_APPEND_TIME = 1 << 3;
const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;

/**
 * Walks the committed records of one fetched partition in offset order without making an object for each: after
 * `next()` returned true the fields describe the current record, as positions in `bytes`. Batches of aborted
 * transactions and control batches are passed over, as a read_committed consumer does; `nextOffset` counts them in, so
 * that it is where the following fetch starts once `next()` returned false.
 *
 * Throws a KafkaFault (CORRUPT_MESSAGE, RECORD_BATCH_TOO_LARGE) on bytes that it cannot trust.
 */
export class RecordCursor {
  /** The buffer that the current record lies in. */
  bytes: Buffer;
  recordStart = 0;
  recordEnd = 0;
  offset = 0;
  /** Epoch ms. */
  timestamp = 0;
  keyStart = 0;
  /** -1 is null. */
  keyLength = -1;
  valueStart = 0;
  /** -1 is null (a tombstone). */
  valueLength = -1;
  /** Where the header count stands. */
  headersStart = 0;
  /** Where the following fetch starts, as far as the cursor has come. */
  nextOffset: number;

  private position = 0;
  private remaining = 0;
  private baseOffset = 0;
  private baseTimestamp = 0;
  private appendTime = -1;
  private batchNextOffset = 0;
  private readonly varint: VarintReader;
  private readonly abortedProducers = new Set<bigint>();
  private readonly aborted: AbortedTransaction[];

  constructor(
    private readonly fetched: Buffer,
    private readonly fetchOffset: number,
    aborted: readonly AbortedTransaction[],
    private readonly options: RecordCursorOptions,
  ) {
    this.bytes = fetched;
    this.nextOffset = fetchOffset;
    this.varint = new VarintReader(fetched);
    this.aborted = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Moves to the next record; false when there is none left. */
  next(): boolean {
    for (;;) {
      while (this.remaining > 0) {
        this.remaining--;
        this.readRecord();
        this.nextOffset = this.remaining === 0 ? this.batchNextOffset : this.offset + 1;
        // A fetch returns whole batches, so the first one may start before the offset that was asked for.
        if (this.offset >= this.fetchOffset) {
          return true;
        }
      }
      if (!this.openBatch()) {
        return false;
      }
    }
  }

  /** The value of the current record; null for a tombstone. A view, not a copy. */
  value(): Buffer | null {
    return this.valueLength < 0 ? null : this.bytes.subarray(this.valueStart, this.valueStart + this.valueLength);
  }

  private readRecord(): void {
    const { varint } = this;
    const length = varint.read();
    this.recordStart = varint.position;
    this.recordEnd = varint.position + length;
    varint.position++;
    const timestampDelta = varint.read();
    this.timestamp = this.appendTime >= 0 ? this.appendTime : this.baseTimestamp + timestampDelta;
    this.offset = this.baseOffset + varint.read();
    this.keyLength = varint.read();
    this.keyStart = varint.position;
    varint.position += Math.max(this.keyLength, 0);
    this.valueLength = varint.read();
    this.valueStart = varint.position;
    this.headersStart = varint.position + Math.max(this.valueLength, 0);
    varint.position = this.recordEnd;
  }

  /** Reads the next batch header; passes over what a read_committed reader does not see. */
  private openBatch(): boolean {
    for (;;) {
      const start = this.position;
      const { fetched } = this;
      if (fetched.length - start < HEADER_BYTES) {
        return false;
      }
      const length = fetched.readInt32BE(start + 8);
      const end = start + 12 + length;
      if (end > fetched.length) {
        // The broker cuts the last batch at the byte limit: the next fetch brings it whole.
        return false;
      }
      this.position = end;
      const attributes = this.checkBatch(start, end);
      this.baseOffset = Number(fetched.readBigInt64BE(start));
      const lastOffset = this.baseOffset + fetched.readInt32BE(start + 23);
      this.batchNextOffset = lastOffset + 1;
      if (this.isHidden(start, attributes, lastOffset)) {
        this.nextOffset = Math.max(this.nextOffset, this.batchNextOffset);
        continue;
      }
      this.baseTimestamp = Number(fetched.readBigInt64BE(start + 27));
      this.appendTime = attributes & LOG_APPEND_TIME ? Number(fetched.readBigInt64BE(start + 35)) : -1;
      this.remaining = fetched.readInt32BE(start + 57);
      if (this.remaining === 0) {
        // Compaction may leave a batch without records; its offsets are final all the same.
        this.nextOffset = Math.max(this.nextOffset, this.batchNextOffset);
        continue;
      }
      this.openRecords(start, end, attributes & COMPRESSION_MASK);
      return true;
    }
  }

  private checkBatch(start: number, end: number): number {
    const { fetched } = this;
    const magic = fetched[start + 16];
    if (magic !== 2) {
      throw new KafkaFault(
        'UNSUPPORTED_RECORD_FORMAT',
        'fatal',
        `Record batch of format ${magic}; only format 2 is read`,
      );
    }
    if (crc32c(fetched.subarray(start + 21, end)) !== fetched.readUInt32BE(start + 17)) {
      const offset = fetched.readBigInt64BE(start);
      throw new KafkaFault('CORRUPT_MESSAGE', 'transient', `Record batch at offset ${offset} fails its checksum`);
    }
    return fetched.readInt16BE(start + 21);
  }

  /** Control batches, and batches of transactions that were aborted (the way the Java consumer finds them). */
  private isHidden(start: number, attributes: number, lastOffset: number): boolean {
    if (!(attributes & TRANSACTIONAL)) {
      return (attributes & CONTROL) !== 0;
    }
    const producerId = this.fetched.readBigInt64BE(start + 43);
    for (let first = this.aborted[0]; first && first.firstOffset <= lastOffset; first = this.aborted[0]) {
      this.abortedProducers.add(first.producerId);
      this.aborted.shift();
    }
    if (attributes & CONTROL) {
      // Any marker of this producer ends its transaction; what follows belongs to the next one.
      this.abortedProducers.delete(producerId);
      return true;
    }
    return this.abortedProducers.has(producerId);
  }

  private openRecords(start: number, end: number, compression: number): void {
    const records = this.fetched.subarray(start + HEADER_BYTES, end);
    if (compression === 0) {
      this.bytes = this.fetched;
      this.varint.reset(this.fetched, start + HEADER_BYTES);
      return;
    }
    this.bytes = unpackRecords(records, compression, this.options.maxDecompressedBytes, this.baseOffset);
    this.varint.reset(this.bytes, 0);
  }
}
