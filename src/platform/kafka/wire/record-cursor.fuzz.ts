import fc from 'fast-check';
import { readRecordsBatches, Reader } from '@platformatic/kafka';
import {
  type Codec,
  controlBatch,
  drain,
  type GivenRecord,
  recordBatch,
  writtenBatch,
} from '../../../../test/factories/record-batches.js';
import { RecordCursor } from './record-cursor.js';

const LIMITS = { maxDecompressedBytes: 10_000_000 };

const bytes = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  fc.integer({ min: 50, max: 20_000 }).map((length) => 'x'.repeat(length)),
);
const nullable = fc.option(bytes);
const record: fc.Arbitrary<GivenRecord> = fc.record({
  timestamp: fc.oneof(fc.nat({ max: 2_000_000_000_000 }), fc.constant(-1)),
  key: nullable,
  value: nullable,
  headers: fc.array(fc.tuple(fc.string({ maxLength: 5 }), nullable), { maxLength: 3 }),
});
const records = fc.array(record, { minLength: 1, maxLength: 30 });

const shown = (batch: GivenRecord[], baseOffset: number) =>
  batch.map(({ timestamp, key, value, headers }, n) => ({ offset: baseOffset + n, timestamp, key, value, headers }));

describe('a record batch', () => {
  it('is read as it was written, from any offset within it', () => {
    fc.assert(
      fc.property(records, fc.nat({ max: 2 ** 45 }), fc.nat(), (batch, baseOffset, skip) => {
        const skipped = skip % batch.length;
        const cursor = new RecordCursor(writtenBatch(batch, baseOffset), baseOffset + skipped, [], LIMITS);
        expect(drain(cursor)).toEqual(shown(batch, baseOffset).slice(skipped));
        expect(cursor.nextOffset).toBe(baseOffset + batch.length);
      }),
    );
  });

  it('is written so that another implementation reads the same', () => {
    fc.assert(
      fc.property(records, (batch) => {
        const [read] = readRecordsBatches(Reader.from(writtenBatch(batch)));
        const times = batch.map(({ timestamp }) => timestamp ?? 0);
        expect(read?.maxTimestamp).toBe(BigInt(Math.max(...times)));
        expect(
          read?.records.map(({ timestampDelta, offsetDelta, key, value, headers }) => ({
            offset: offsetDelta,
            timestamp: Number(read.firstTimestamp + timestampDelta),
            key: key?.toString() ?? null,
            value: value?.toString() ?? null,
            headers: headers.map(([name, text]) => [name?.toString(), text?.toString() ?? null]),
          })),
        ).toEqual(shown(batch, 0));
      }),
    );
  });

  it('is read as it was packed, whatever the codec', () => {
    fc.assert(
      fc.property(records, fc.constantFrom<Codec>('gzip', 'snappy', 'lz4', 'zstd'), (batch, codec) => {
        const cursor = new RecordCursor(recordBatch({ records: batch, codec }), 0, [], LIMITS);
        expect(drain(cursor)).toEqual(shown(batch, 0));
      }),
      { numRuns: 50 },
    );
  });
});

interface Step {
  producer: number;
  act: 'write' | 'commit' | 'abort';
  size: number;
}

const steps = fc.array(
  fc.record<Step>({
    producer: fc.nat({ max: 2 }),
    act: fc.constantFrom('write', 'write', 'commit', 'abort'),
    size: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 30 },
);

/** A log as producers 0 to 2 write it; producer 0 uses no transactions. */
function makeLog(list: Step[]) {
  const batches: Buffer[] = [];
  const written: { offset: number; producer: number; isHidden: boolean }[] = [];
  const open = new Map<number, { firstOffset: number; written: typeof written }>();
  const aborted: { producerId: bigint; firstOffset: number; lastOffset: number }[] = [];
  let next = 0;
  for (const { producer, act, size } of [...list, end(1), end(2)]) {
    const producerId = BigInt(producer);
    const transaction = open.get(producer);
    if (act === 'write') {
      const values = Array.from({ length: size }, (_, n) => ({ value: String(next + n) }));
      batches.push(recordBatch({ baseOffset: next, producerId, isTransactional: producer > 0, records: values }));
      const mine = values.map((_, n) => ({ offset: next + n, producer, isHidden: false }));
      written.push(...mine);
      if (producer > 0) {
        open.set(producer, transaction ?? { firstOffset: next, written: [] });
        open.get(producer)?.written.push(...mine);
      }
      next += size;
    } else if (transaction) {
      batches.push(controlBatch(next++, producerId, act));
      open.delete(producer);
      if (act === 'abort') {
        aborted.push({ producerId, firstOffset: transaction.firstOffset, lastOffset: next - 1 });
        transaction.written.forEach((each) => (each.isHidden = true));
      }
    }
  }
  return { batches, aborted, next, visible: written.filter(({ isHidden }) => !isHidden).map(({ offset }) => offset) };
}

const end = (producer: number): Step => ({ producer, act: 'commit', size: 1 });

describe('a log with transactions', () => {
  it('shows exactly what was committed, also when it is read in pieces that end anywhere', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.integer({ min: 61, max: 400 }), { minLength: 1 }), (list, sizes) => {
        const { batches, aborted, next, visible } = makeLog(list);
        const seen: number[] = [];
        for (let round = 0, at = 0; at < next; round++) {
          expect(round).toBeLessThan(1000);
          const piece = fetchFrom(batches, at, sizes[round % sizes.length] ?? 61);
          // A broker lists the aborted transactions that reach into what it answers.
          const listed = aborted.filter(({ lastOffset }) => lastOffset >= at);
          const cursor = new RecordCursor(piece, at, listed, LIMITS);
          seen.push(...drain(cursor).map(({ offset }) => offset));
          expect(cursor.nextOffset).toBeGreaterThan(at);
          at = cursor.nextOffset;
        }
        expect(seen).toEqual(visible);
      }),
    );
  });
});

/** What a broker answers: from the batch of the offset on, the first one whole and the last one cut. */
function fetchFrom(batches: Buffer[], offset: number, maxBytes: number): Buffer {
  const from = batches.findIndex((batch) => Number(batch.readBigInt64BE(0)) + batch.readInt32BE(23) >= offset);
  const rest = Buffer.concat(batches.slice(from));
  return rest.subarray(0, Math.max(maxBytes, batches[from]?.length ?? 0));
}
