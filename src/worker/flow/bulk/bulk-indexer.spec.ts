import { jest } from '@jest/globals';
import { documents, flowBatch, type FlowRecord } from '../../../../test/factories/flow-batches.js';
import {
  allWritten,
  BUSY,
  perDocument,
  type Responder,
  ScriptedSearch,
  requestAnswer,
  WRITTEN,
} from '../../../../test/factories/scripted-search.js';
import type { BulkAnswer } from '../../../platform/opensearch/bulk-transport.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { BulkIndexer } from './bulk-indexer.js';
import { BulkSender } from './bulk-sender.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

interface Held {
  ns: unknown[];
  answer: (respond?: Responder) => Promise<void>;
}

/** OpenSearch that answers when the test says so. */
function start(maxInFlight: number) {
  const held: Held[] = [];
  const search = new ScriptedSearch((sent, request, body) => {
    const reply = Promise.withResolvers<BulkAnswer>();
    held.push({
      ns: sent.map(({ document }) => document['n']),
      answer: async (respond = allWritten) => {
        held.splice(held.indexOf(mine), 1);
        reply.resolve(await respond(sent, request, body));
        await settled();
      },
    });
    const mine = held.at(-1)!;
    return reply.promise;
  });
  const final: FlowBatch[] = [];
  const failures: unknown[] = [];
  const aborter = new AbortController();
  const listener = {
    onFinal: (batch: FlowBatch) => final.push(batch),
    onFailure: (error: unknown) => {
      failures.push(error);
      aborter.abort(error);
    },
  };
  const sender = new BulkSender(search.ports, {
    failureThreshold: 2,
    hasDocumentVersion: false,
    indexBaseProvider: 'opensearch',
  });
  const indexer = new BulkIndexer(sender, listener, { maxInFlight });
  const queue = { tail: Promise.resolve() };
  /** One call after another, as the flow makes them. */
  const submit = async (records: FlowRecord[]): Promise<FlowBatch> => {
    const batch = await flowBatch(records);
    queue.tail = queue.tail.then(() => indexer.submit(batch, aborter.signal));
    queue.tail.catch(() => undefined);
    await settled();
    return batch;
  };
  return { indexer, held, final, failures, submit, queue, aborter };
}

const own = (n: number, __id: string): FlowRecord => ({ value: { n, __id } });
const plain = (n: number): FlowRecord => ({ value: { n } });

describe('bulks in flight', () => {
  it('are no more than allowed; the next one goes when one is final', async () => {
    const { submit, held, indexer, final } = start(2);
    const batches = [await submit([plain(1)]), await submit([plain(2)]), await submit([plain(3)])];
    expect([held.map(({ ns }) => ns), indexer.inFlightCount]).toEqual([[[1], [2]], 2]);
    await held[1]!.answer();
    expect(held.map(({ ns }) => ns)).toEqual([[1], [3]]);
    await held[0]!.answer();
    await held[0]!.answer();
    expect(final).toEqual([batches[1], batches[0], batches[2]]);
    expect(indexer.inFlightCount).toBe(0);
  });

  it('count as in flight while they are tried again', async () => {
    const { submit, held, final } = start(1);
    await submit([plain(1)]);
    await submit([plain(2)]);
    await held[0]!.answer(() => requestAnswer(503));
    expect(held.map(({ ns }) => ns)).toEqual([[1]]);
    expect(final).toEqual([]);
    await held[0]!.answer();
    expect(held.map(({ ns }) => ns)).toEqual([[2]]);
  });

  it('never hold the same explicit id twice', async () => {
    const { submit, held } = start(3);
    await submit([own(1, 'a'), own(2, 'b')]);
    await submit([own(3, 'c')]);
    await submit([plain(4), own(5, 'b')]);
    expect(held.map(({ ns }) => ns)).toEqual([[1, 2], [3]]);
    await held[1]!.answer();
    expect(held.map(({ ns }) => ns)).toEqual([[1, 2]]);
    await held[0]!.answer();
    expect(held.map(({ ns }) => ns)).toEqual([[4, 5]]);
  });

  it('hold an id until its retries are through', async () => {
    const { submit, held } = start(2);
    await submit([own(1, 'a'), own(2, 'b')]);
    await submit([own(3, 'a')]);
    await held[0]!.answer(perDocument(({ document }) => (document['n'] === 1 ? BUSY : WRITTEN)));
    expect(held.map(({ ns }) => ns)).toEqual([[1]]);
    await held[0]!.answer();
    expect(held.map(({ ns }) => ns)).toEqual([[3]]);
  });

  it('may go side by side when ids are made, or differ', async () => {
    const { submit, held } = start(3);
    await submit(documents(2));
    await submit(documents(2));
    await submit([own(0, 'a')]);
    expect(held).toHaveLength(3);
  });
});

describe('the end of indexing', () => {
  it('comes, when drained, after everything in flight is final', async () => {
    const { submit, held, indexer, final } = start(2);
    await submit([plain(1)]);
    await submit([plain(2)]);
    const drained = jest.fn();
    const draining = indexer.drain().then(drained);
    await held[0]!.answer();
    expect([final.length, drained.mock.calls.length]).toEqual([1, 0]);
    await held[0]!.answer();
    await draining;
    expect(final).toHaveLength(2);
  });

  it('is told when a batch cannot be made final, and nothing is sent any more', async () => {
    const { submit, held, final, failures, queue } = start(1);
    await submit([plain(1)]);
    await submit([plain(2)]);
    await held[0]!.answer(() => requestAnswer(401));
    expect(failures).toMatchObject([{ code: 'OPENSEARCH_ACCESS_DENIED' }]);
    await expect(queue.tail).rejects.toMatchObject({ code: 'OPENSEARCH_ACCESS_DENIED' });
    expect([held, final]).toEqual([[], []]);
  });
});
