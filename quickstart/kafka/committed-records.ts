/** The parts of a record batch, as the broker stores it, that say what a read_committed reader may see of it. */
export interface StoredBatch {
  firstOffset: bigint;
  lastOffsetDelta: number;
  firstTimestamp: bigint;
  attributes: number;
  producerId: bigint;
  records: readonly StoredRecord[];
}

export interface StoredRecord {
  offsetDelta: number;
  timestampDelta: bigint;
  key: Buffer | null;
  value: Buffer | null;
  headers: readonly (readonly [Buffer | null, Buffer | null])[];
}

export interface AbortedTransaction {
  producerId: bigint;
  firstOffset: bigint;
}

export interface ReadRecord {
  partition: number;
  offset: number;
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  /** Of two headers with one name the last. */
  headers: ReadonlyMap<string, string>;
}

const transactional = 1 << 4;
const control = 1 << 5;
const abortMarker = 0;

/**
 * The committed records of consecutive batches of one partition, in order, from `fromOffset` on (a broker sends whole
 * batches). `aborted` is what the broker said about aborted transactions in this range.
 */
export function committedRecords(
  partition: number,
  batches: readonly StoredBatch[],
  aborted: readonly AbortedTransaction[],
  fromOffset: bigint,
): ReadRecord[] {
  const upcoming = [...aborted].sort((a, b) => Number(a.firstOffset - b.firstOffset));
  const abortedProducers = new Set<bigint>();
  return batches.flatMap((batch) => {
    while (upcoming[0] !== undefined && upcoming[0].firstOffset <= endOf(batch)) {
      abortedProducers.add(upcoming[0].producerId);
      upcoming.shift();
    }
    if ((batch.attributes & control) !== 0) {
      if (batch.records[0]?.key?.readInt16BE(2) === abortMarker) abortedProducers.delete(batch.producerId);
      return [];
    }
    if ((batch.attributes & transactional) !== 0 && abortedProducers.has(batch.producerId)) return [];
    return batch.records
      .filter((record) => batch.firstOffset + BigInt(record.offsetDelta) >= fromOffset)
      .map((record) => readRecord(partition, batch, record));
  });
}

/** The last offset that the batch covers. */
export function endOf(batch: Pick<StoredBatch, 'firstOffset' | 'lastOffsetDelta'>): bigint {
  return batch.firstOffset + BigInt(batch.lastOffsetDelta);
}

function readRecord(partition: number, batch: StoredBatch, record: StoredRecord): ReadRecord {
  return {
    partition,
    offset: Number(batch.firstOffset) + record.offsetDelta,
    timestamp: Number(batch.firstTimestamp + record.timestampDelta),
    key: record.key,
    value: record.value,
    headers: new Map(record.headers.map(([name, value]) => [String(name ?? ''), String(value ?? '')])),
  };
}
