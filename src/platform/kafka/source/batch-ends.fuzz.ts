import fc from 'fast-check';
import { controlBatch, drain, recordBatch } from '../../../../test/factories/record-batches.js';
import { RecordCursor } from '../wire/record-cursor.js';
import { offsetBehind } from './batch-ends.js';

const piece = fc.record({
  gap: fc.nat({ max: 3 }),
  records: fc.nat({ max: 3 }),
  holes: fc.nat({ max: 3 }),
  kind: fc.constantFrom('plain', 'plain', 'aborted', 'marker'),
});

describe('the offset behind a fetched answer', () => {
  it('is where the cursor ends: what is asked for next is what follows the records that were shown', () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), fc.nat(), fc.nat(), (pieces, skip, cut) => {
        let next = 100;
        const batches = pieces.map(({ gap, records, holes, kind }) => {
          const baseOffset = next + gap;
          if (kind === 'marker') {
            next = baseOffset + 1;
            return controlBatch(baseOffset, 1n, 'abort');
          }
          const lastOffsetDelta = Math.max(records + holes - 1, 0);
          next = baseOffset + lastOffsetDelta + 1;
          const values = Array.from({ length: records }, (_, n) => ({ value: String(n) }));
          const isTransactional = kind === 'aborted';
          return recordBatch({ baseOffset, records: values, lastOffsetDelta, isTransactional, producerId: 1n });
        });
        const first = batches[0]!;
        const bytes = Buffer.concat(batches);
        // From anywhere within the first batch, and cut anywhere behind it.
        const fetchOffset = Number(first.readBigInt64BE(0)) + (skip % (first.readInt32BE(23) + 1));
        const answer = bytes.subarray(0, first.length + (cut % (bytes.length - first.length + 1)));
        const cursor = new RecordCursor(answer, fetchOffset, [{ producerId: 1n, firstOffset: 0 }], {
          maxDecompressedBytes: 0,
        });
        drain(cursor);
        expect(offsetBehind(answer, fetchOffset)).toBe(cursor.nextOffset);
      }),
    );
  });
});
