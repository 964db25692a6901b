import fc from 'fast-check';
import { parseBulkResponse } from './bulk-response.js';

const status = fc.constantFrom(200, 201, 400, 403, 404, 409, 429, 503);
const item = fc.oneof(
  fc.record({ index: fc.record({ status }) }),
  fc.record({ index: fc.record({ status, error: fc.record({ type: fc.string(), reason: fc.string() }) }) }),
);
const body = fc
  .record({ errors: fc.boolean(), items: fc.array(item, { maxLength: 5 }) })
  .map((it) => JSON.stringify(it));

describe('the answer of a bulk', () => {
  it('never throws, and is usable only when it has a status for each item', () => {
    const broken = fc.tuple(body, fc.nat(), fc.nat()).map(([text, at, by]) => {
      const bytes = Buffer.from(text);
      return by % 2 ? bytes.subarray(0, at % (bytes.length + 1)) : (bytes.fill(by % 256, at % bytes.length), bytes);
    });
    const any = fc.oneof(
      body.map((text) => Buffer.from(text)),
      broken,
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(any, fc.nat({ max: 5 }), (bytes, count) => {
        const answer = parseBulkResponse(bytes, count);
        if (answer?.kind === 'items') {
          expect(answer.items).toHaveLength(count);
          expect(answer.items.every((each) => typeof each.status === 'number')).toBe(true);
        }
      }),
    );
  });

  it('is all written only when every status says so', () => {
    fc.assert(
      fc.property(fc.array(status, { minLength: 1, maxLength: 5 }), (statuses) => {
        const errors = statuses.some((each) => each > 299);
        const text = JSON.stringify({ errors, items: statuses.map((each) => ({ index: { status: each } })) });
        const answer = parseBulkResponse(Buffer.from(text), statuses.length);
        const seen = answer?.kind === 'items' ? answer.items.map((each) => each.status) : statuses.map(() => 201);
        expect(seen.map((each) => each < 300)).toEqual(statuses.map((each) => each < 300));
        expect(answer?.kind === 'all_written').toBe(!errors);
      }),
    );
  });
});
