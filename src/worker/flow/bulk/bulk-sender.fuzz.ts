import fc from 'fast-check';
import { flowBatch } from '../../../../test/factories/flow-batches.js';
import {
  BUSY,
  type ItemVerdict,
  itemsAnswer,
  MAPPING,
  requestAnswer,
  ScriptedSearch,
  type SentDocument,
  WRITTEN,
} from '../../../../test/factories/scripted-search.js';
import type { BulkAnswer } from '../../../platform/opensearch/bulk-transport.js';
import { ItemState } from '../batch/item-state.js';
import { BulkSender } from './bulk-sender.js';

interface Given {
  /** Empty: an id is made. */
  id: string;
  partition: number;
  kind: 'good' | 'refused' | 'malformed' | 'huge';
}

type Act =
  | { kind: 'answer'; busy: boolean[] }
  | { kind: 'fail'; status: number; applied: number }
  | { kind: 'too_large'; limit: number }
  | { kind: 'lose'; partition: number };

const given = fc.array(
  fc.record<Given>({
    id: fc.constantFrom('', '', 'a', 'b', 'c'),
    partition: fc.nat({ max: 2 }),
    kind: fc.constantFrom('good', 'good', 'good', 'good', 'refused', 'malformed', 'huge'),
  }),
  { minLength: 1, maxLength: 40 },
);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), busy: fc.array(fc.boolean()) }) },
  fc.record({ kind: fc.constant('fail' as const), status: fc.constantFrom(0, 429, 503), applied: fc.nat({ max: 40 }) }),
  fc.record({ kind: fc.constant('too_large' as const), limit: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ kind: fc.constant('lose' as const), partition: fc.nat({ max: 2 }) }),
);

/** An index as OpenSearch keeps it, with the whims of a script. */
class FickleSearch {
  /** Document id → the last `n` that was written under it. */
  readonly index = new Map<string, number>();
  readonly faults: string[] = [];
  private readonly acknowledged = new Map<string, number>();

  constructor(
    private readonly records: readonly Given[],
    private readonly acts: Act[],
    private readonly lose: (partition: number) => void,
    private readonly isLost: (n: number) => boolean,
  ) {}

  respond(sent: readonly SentDocument[]): BulkAnswer {
    this.inspect(sent);
    const kinds = sent.map((each) => this.records[n(each)]?.kind);
    const next = this.acts.shift();
    if (next?.kind === 'lose') {
      this.lose(next.partition);
    }
    if (kinds.includes('huge') || (next?.kind === 'too_large' && sent.length > next.limit)) {
      return requestAnswer(413);
    }
    if (kinds.includes('malformed')) {
      return requestAnswer(400, 'malformed');
    }
    if (next?.kind === 'fail') {
      sent.slice(0, next.applied).forEach((each) => this.write(each));
      return requestAnswer(next.status);
    }
    return itemsAnswer(sent.map((each, at) => this.verdict(each, next?.kind === 'answer' && next.busy[at] === true)));
  }

  private verdict(sent: SentDocument, isBusy: boolean): ItemVerdict {
    if (isBusy) {
      return BUSY;
    }
    const verdict = this.write(sent);
    if (verdict === WRITTEN) {
      this.acknowledged.set(sent.id, n(sent));
    }
    return verdict;
  }

  private write(sent: SentDocument): ItemVerdict {
    if (this.records[n(sent)]?.kind === 'refused') {
      return MAPPING;
    }
    this.index.set(sent.id, n(sent));
    return WRITTEN;
  }

  private inspect(sent: readonly SentDocument[]): void {
    for (const each of sent) {
      if (this.isLost(n(each))) {
        this.faults.push(`${n(each)} was sent after it was lost`);
      }
      if ((this.acknowledged.get(each.id) ?? -1) >= n(each)) {
        this.faults.push(`${n(each)} was sent after a newer record of its id was written`);
      }
    }
    const order = sent.map(n);
    if (order.some((each, at) => at > 0 && each <= order[at - 1]!)) {
      this.faults.push(`out of order: ${order.join()}`);
    }
  }
}

const n = ({ document }: SentDocument): number => document['n'] as number;

describe('a bulk, whatever OpenSearch does', () => {
  it('ends with every record where it belongs', async () => {
    await fc.assert(
      fc.asyncProperty(given, fc.array(act, { maxLength: 25 }), async (records, acts) => {
        const batch = await flowBatch(
          records.map(({ id, partition }, at) => ({ value: { n: at, ...(id && { __id: id }) }, partition })),
        );
        const lost = new Set<number>();
        const fickle = new FickleSearch(
          records,
          [...acts],
          (partition) => {
            batch.lose((each) => each === partition);
            lost.add(partition);
          },
          (at) => lost.has(records[at]?.partition ?? -1),
        );
        const search = new ScriptedSearch((sent) => fickle.respond(sent));
        const sender = new BulkSender(search.ports, {
          failureThreshold: 100,
          hasDocumentVersion: false,
          indexBaseProvider: 'opensearch',
        });
        await sender.send(batch, new AbortController().signal);

        expect(fickle.faults).toEqual([]);
        expect(batch.pending).toBe(0);
        const newest = new Map<string, number>();
        for (const [at, { id, partition, kind }] of records.entries()) {
          const state = batch.state(at);
          if (lost.has(partition)) {
            expect(state).toBe(ItemState.Lost);
          } else if (kind === 'good') {
            expect([ItemState.Indexed, ItemState.Superseded]).toContain(state);
            newest.set(id || `own ${at}`, at);
          } else {
            // A record that is superseded is not tried any more, so nobody learns that it would have been refused.
            expect(id ? [ItemState.Rejected, ItemState.Superseded] : [ItemState.Rejected]).toContain(state);
          }
        }
        if (lost.size === 0) {
          expect([...fickle.index.values()].sort((a, b) => a - b)).toEqual([...newest.values()].sort((a, b) => a - b));
        }
      }),
      { numRuns: 150 },
    );
  });
});
