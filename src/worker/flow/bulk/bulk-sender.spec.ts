import { documents, flowBatch, statesOf } from '../../../../test/factories/flow-batches.js';
import {
  allWritten,
  BUSY,
  CONFLICT,
  DENIED,
  itemsAnswer,
  MAPPING,
  perDocument,
  requestAnswer,
  type Responder,
  ScriptedSearch,
  type SentDocument,
  WRITTEN,
} from '../../../../test/factories/scripted-search.js';
import { BLOCKED, NO_ALIAS } from '../../../../test/factories/scripted-search.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { ItemState } from '../batch/item-state.js';
import { TaskFault } from '../task-fault.js';
import { BulkSender, type BulkSenderOptions } from './bulk-sender.js';

const { Pending, Indexed, Superseded, Rejected, Lost } = ItemState;
const never = new AbortController().signal;
const n = ({ document }: SentDocument): number => document['n'] as number;
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

async function send(batch: FlowBatch, search: ScriptedSearch, options: Partial<BulkSenderOptions> = {}): Promise<void> {
  const sender = new BulkSender(search.ports, {
    failureThreshold: 10,
    hasDocumentVersion: false,
    indexBaseProvider: 'opensearch',
    ...options,
  });
  await sender.send(batch, never);
}

async function sendAll(count: number, respond: Responder, options: Partial<BulkSenderOptions> = {}) {
  const batch = await flowBatch(documents(count));
  const search = new ScriptedSearch(respond);
  await send(batch, search, options);
  return { batch, search };
}

/** The answers of the first requests, then everything is written. */
const first =
  (...answers: Responder[]): Responder =>
  (sent, request, body) =>
    (answers[request - 1] ?? allWritten)(sent, request, body);

describe('what is told of requests', () => {
  it('is the size of each, and the bytes of what was acknowledged, once', async () => {
    const { batch, search } = await sendAll(
      4,
      perDocument((sent, request) => (n(sent) === 1 ? MAPPING : n(sent) === 2 && request === 1 ? BUSY : WRITTEN)),
    );
    const bytes = range(0, 4).map((item) => batch.lines(item).length);
    const all = bytes.reduce((sum, length) => sum + length);
    expect(search.bulks).toMatchObject([
      { items: 4, bytes: all, retriedItems: 0 },
      { items: 1, bytes: bytes[2], retriedItems: 1 },
    ]);
    expect(search.acknowledgedBytes).toBe(all - bytes[1]!);
  });

  it('is nothing as acknowledged when nobody answered', async () => {
    const { batch, search } = await sendAll(
      2,
      first(() => requestAnswer(0)),
    );
    expect(search.bulks).toHaveLength(2);
    expect(search.acknowledgedBytes).toBe(batch.wholeBody().length);
  });
});

describe('items of an answer', () => {
  it('that are all written need one request', async () => {
    const { batch, search } = await sendAll(3, allWritten);
    expect(statesOf(batch)).toEqual([Indexed, Indexed, Indexed]);
    expect(search.sent).toEqual([[0, 1, 2]]);
    expect([search.retriedItems, batch.attempts]).toEqual([0, 1]);
  });

  it('that may succeed later are sent again, in order, and nothing else is', async () => {
    const busy = new Map([
      [1, 3],
      [4, 2],
      [5, 2],
    ]);
    const { batch, search } = await sendAll(
      6,
      perDocument((sent, request) => ((busy.get(n(sent)) ?? 0) > request ? BUSY : WRITTEN)),
    );
    expect(search.sent).toEqual([[0, 1, 2, 3, 4, 5], [1, 4, 5], [1]]);
    expect(statesOf(batch)).toEqual(Array(6).fill(Indexed));
    expect(search.retriedItems).toBe(4);
  });

  it('that are refused go to the error topic at once, and hold nobody back', async () => {
    const { batch, search } = await sendAll(
      3,
      perDocument((sent, request) => (n(sent) === 1 ? MAPPING : n(sent) === 2 && request === 1 ? BUSY : WRITTEN)),
    );
    expect(search.sent).toEqual([[0, 1, 2], [2]]);
    expect(statesOf(batch)).toEqual([Indexed, Rejected, Indexed]);
    expect(batch.rejections.get(1)).toEqual({
      code: 'DOCUMENT_REJECTED',
      reason: 'mapper_parsing_exception: failed to parse [n]',
      stage: 'index',
      status: 400,
      index: 'mdl-web',
      documentId: search.requests[0]?.[1]?.id,
    });
  });

  it('409 counts as superseded with a document version, for records with an id of their own', async () => {
    const records = [{ value: { n: 0, __id: 'a' } }, { value: { n: 1 } }];
    const conflict = perDocument((sent) => (n(sent) === 0 ? CONFLICT : WRITTEN));
    const versioned = await flowBatch(records, { documentVersion: 'offset' });
    const search = new ScriptedSearch(conflict);
    await send(versioned, search, { hasDocumentVersion: true, indexBaseProvider: 'opensearch' });
    expect(statesOf(versioned)).toEqual([Superseded, Indexed]);
    expect(search.requests[0]?.map(({ version }) => version)).toEqual([0, undefined]);

    const plain = await flowBatch(records);
    await send(plain, new ScriptedSearch(conflict));
    expect(statesOf(plain)).toEqual([Rejected, Indexed]);
    const generated = await flowBatch(documents(1), { documentVersion: 'offset' });
    await send(generated, new ScriptedSearch(perDocument(() => CONFLICT)), {
      hasDocumentVersion: true,
      indexBaseProvider: 'opensearch',
    });
    expect(statesOf(generated)).toEqual([Rejected]);
  });

  it('that the cluster blocks wait, and nothing is rejected', async () => {
    const blocked = perDocument((_sent, request) => (request < 6 ? BLOCKED : WRITTEN));
    const { batch, search } = await sendAll(2, blocked);
    expect(search.sent).toHaveLength(6);
    expect(statesOf(batch)).toEqual([Indexed, Indexed]);
    expect(search.causes).toContainEqual(expect.stringContaining('index read-only'));
    expect(search.causes.at(-1)).toBe('');
  });

  it('that may not be written end the task, and nothing is rejected', async () => {
    const batch = await flowBatch(documents(2));
    const denied = new ScriptedSearch(perDocument((sent) => (n(sent) === 1 ? DENIED : WRITTEN)));
    await expect(send(batch, denied)).rejects.toMatchObject({ code: 'OPENSEARCH_ACCESS_DENIED' });
    expect(batch.state(1)).toBe(Pending);
  });
});

describe('a missing alias', () => {
  it('of the pipeline’s own base is made again, and the documents are sent again', async () => {
    const { batch, search } = await sendAll(
      3,
      perDocument((_sent, request) => (request === 1 ? NO_ALIAS : WRITTEN)),
    );
    expect(search.revived).toEqual(['web']);
    expect(search.sent).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(statesOf(batch)).toEqual([Indexed, Indexed, Indexed]);
  });

  it('of the pipeline’s own base that cannot be made ends the task after the threshold', async () => {
    const batch = await flowBatch(documents(1));
    const search = new ScriptedSearch(perDocument(() => NO_ALIAS));
    search.reviveBase = () => false;
    await expect(send(batch, search)).rejects.toMatchObject({ code: 'INDEX_BASE_MISSING' });
    expect([statesOf(batch), search.requests.length]).toEqual([[Pending], 10]);
  });

  it('of a base that a record named rejects that record alone', async () => {
    const batch = await flowBatch([{ value: { n: 0, __index_base: 'other' } }, { value: { n: 1 } }], {
      foreignBases: ['other'],
    });
    const search = new ScriptedSearch(perDocument(({ index }) => (index === 'mdl-other' ? NO_ALIAS : WRITTEN)));
    await send(batch, search);
    expect([statesOf(batch), search.revived]).toEqual([[Rejected, Indexed], []]);
    expect(batch.rejections.get(0)).toMatchObject({ code: 'INDEX_BASE_NOT_FOUND', stage: 'index', index: 'mdl-other' });
  });
});

describe('a request', () => {
  it.each([
    ['429', requestAnswer(429)],
    ['500', requestAnswer(500)],
    ['503', requestAnswer(503)],
    ['no answer', requestAnswer(0)],
    ['a redirect', requestAnswer(302)],
    ['an empty body', requestAnswer(200)],
    ['a cut body', requestAnswer(200, '{"errors":false,"items":[{"index":{"stat')],
    ['too few items', itemsAnswer([WRITTEN, WRITTEN])],
    ['too many items', itemsAnswer([WRITTEN, WRITTEN, WRITTEN, WRITTEN])],
  ])('answered by %s is sent again as it was', async (_what, answer) => {
    const { batch, search } = await sendAll(
      3,
      first(() => answer),
    );
    expect(search.sent).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(statesOf(batch)).toEqual([Indexed, Indexed, Indexed]);
    expect(batch.rejections.size).toBe(0);
  });

  it.each([401, 403])('answered by %i ends the task', async (status) => {
    const batch = await flowBatch(documents(2));
    const search = new ScriptedSearch(() => requestAnswer(status));
    const failure = await send(batch, search).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TaskFault);
    expect(failure).toMatchObject({ code: 'OPENSEARCH_ACCESS_DENIED', endsWhenOpenSearchAnswers: false });
    expect([statesOf(batch), search.requests.length]).toEqual([[Pending, Pending], 1]);
  });

  it('waits as long as the server asks, and for its recovery when it does not answer', async () => {
    const { search } = await sendAll(
      1,
      first(
        () => requestAnswer(429, '', { retryAfterMs: 45_000 }),
        () => itemsAnswer([BUSY], { retryAfterMs: 44_000 }),
        () => requestAnswer(503),
        () => requestAnswer(0),
      ),
    );
    expect(search.waits.map(({ isOutage }) => isOutage)).toEqual([false, false, true, true]);
    expect(search.waits.map(({ delayMs }) => delayMs >= 44_000)).toEqual([true, true, false, false]);
  });

  it('is not written before the membership of the group is beyond doubt', async () => {
    const batch = await flowBatch(documents(1));
    const search = new ScriptedSearch(allWritten);
    const membership = Promise.withResolvers<void>();
    search.mayWrite = () => membership.promise;
    const sending = send(batch, search);
    await new Promise((resolve) => setImmediate(resolve));
    expect(search.requests).toEqual([]);
    membership.resolve();
    await sending;
    expect(search.sent).toEqual([[0]]);
  });

  it('is not written at all when the run is over', async () => {
    const batch = await flowBatch(documents(1));
    const search = new ScriptedSearch(allWritten);
    search.mayWrite = () => Promise.reject(new Error('over'));
    await expect(send(batch, search)).rejects.toThrow('over');
    expect(search.requests).toEqual([]);
  });
});

describe('too large a request', () => {
  it('is halved, in order, until it fits', async () => {
    const { batch, search } = await sendAll(8, (sent, request, body) =>
      sent.length > 2 ? requestAnswer(413) : allWritten(sent, request, body),
    );
    expect(search.sent.filter((sent) => sent.length <= 2)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ]);
    expect(statesOf(batch)).toEqual(Array(8).fill(Indexed));
  });

  it('with a document that is too large alone costs that document', async () => {
    const { batch } = await sendAll(5, (sent, request, body) =>
      sent.some((each) => n(each) === 3) ? requestAnswer(413) : allWritten(sent, request, body),
    );
    expect(statesOf(batch)).toEqual([Indexed, Indexed, Indexed, Rejected, Indexed]);
    expect(batch.rejections.get(3)).toMatchObject({ code: 'DOCUMENT_TOO_LARGE', stage: 'index', status: 413 });
  });
});

describe('a request that OpenSearch cannot read', () => {
  const unreadable =
    (...culprits: number[]): Responder =>
    (sent, request, body) =>
      sent.some((each) => culprits.includes(n(each)))
        ? requestAnswer(400, '{"error":"malformed action"}')
        : allWritten(sent, request, body);

  it('costs the culprit alone, found within 64 requests', async () => {
    const { batch, search } = await sendAll(1000, unreadable(617));
    expect(
      statesOf(batch)
        .map((state, at) => [at, state])
        .filter(([, state]) => state !== Indexed),
    ).toEqual([[617, Rejected]]);
    expect(batch.rejections.get(617)).toMatchObject({
      code: 'DOCUMENT_REJECTED',
      reason: '{"error":"malformed action"}',
      stage: 'index',
      status: 400,
    });
    expect(search.requests.length).toBeLessThanOrEqual(64);
  });

  it('with many culprits is split 64 times at most, then sent one by one at a bounded rate', async () => {
    const culprits = range(0, 200).filter((at) => at % 3 === 0);
    const { batch, search } = await sendAll(200, unreadable(...culprits));
    expect(range(0, 200).filter((at) => batch.state(at) === Rejected)).toEqual(culprits);
    expect(range(0, 200).filter((at) => batch.state(at) === Indexed)).toHaveLength(200 - culprits.length);
    const [, ...split] = search.requests;
    expect(split.filter((sent) => sent.length > 1).length).toBeLessThanOrEqual(64);
    // Each of those beyond the 64 requests comes after a pause.
    expect(search.waits.length).toBeGreaterThanOrEqual(split.length - 64);
    expect(search.waits.every(({ delayMs }) => delayMs >= 10)).toBe(true);
  });

  it('may be busy for some of its parts: those alone are sent again', async () => {
    const { batch, search } = await sendAll(4, (sent, request, body) =>
      request === 3 ? requestAnswer(503) : unreadable(0)(sent, request, body),
    );
    expect(statesOf(batch)).toEqual([Rejected, Indexed, Indexed, Indexed]);
    expect(search.sent.slice(0, 3)).toEqual([[0, 1, 2, 3], [0, 1], [0]]);
  });
});

describe('attempts in a row after which nothing became final', () => {
  it('end the task at the threshold, with the last cause and nothing rejected', async () => {
    const batch = await flowBatch(documents(2));
    const search = new ScriptedSearch((_sent, request) => requestAnswer(request < 10 ? 500 : 0));
    const failure = await send(batch, search).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TaskFault);
    expect(failure).toMatchObject({
      code: 'OPENSEARCH_UNAVAILABLE',
      message: expect.stringContaining('connection reset'),
      endsWhenOpenSearchAnswers: true,
    });
    expect([search.requests.length, statesOf(batch)]).toEqual([10, [Pending, Pending]]);
    expect(search.causes).not.toContain('');
  });

  it('do not end it early when OpenSearch is only busy', async () => {
    const batch = await flowBatch(documents(1));
    const failure = await send(batch, new ScriptedSearch(perDocument(() => BUSY))).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'OPENSEARCH_BUSY', endsWhenOpenSearchAnswers: false });
  });

  it('are counted anew after any progress', async () => {
    // Every third request writes one document more.
    const { batch, search } = await sendAll(
      5,
      perDocument((sent, request) => (n(sent) < Math.floor(request / 3) ? WRITTEN : BUSY)),
      { failureThreshold: 3 },
    );
    expect(statesOf(batch)).toEqual(Array(5).fill(Indexed));
    expect(search.requests).toHaveLength(15);
  });
});

describe('partitions that others took over', () => {
  const records = range(0, 4).map((at) => ({ value: { n: at }, partition: at % 2 }));

  it('while a bulk is under way: their records stay lost and are not sent again', async () => {
    const batch = await flowBatch(records);
    const search = new ScriptedSearch((sent, request, body) => {
      if (request === 1) {
        batch.lose((partition) => partition === 1);
        return itemsAnswer([BUSY, MAPPING, BUSY, WRITTEN]);
      }
      return allWritten(sent, request, body);
    });
    await send(batch, search);
    expect(search.sent).toEqual([
      [0, 1, 2, 3],
      [0, 2],
    ]);
    expect(statesOf(batch)).toEqual([Indexed, Lost, Indexed, Lost]);
    expect(batch.rejections.size).toBe(0);
  });

  it('while the whole of it was taken: nothing is sent again', async () => {
    const batch = await flowBatch(records);
    const search = new ScriptedSearch(() => {
      batch.lose(() => true);
      return requestAnswer(503);
    });
    await send(batch, search);
    expect([search.requests.length, statesOf(batch)]).toEqual([1, Array(4).fill(Lost)]);
  });

  it('while the membership was in doubt: their records are not written any more', async () => {
    const batch = await flowBatch(records);
    const search = new ScriptedSearch(allWritten);
    search.mayWrite = () => Promise.resolve(void batch.lose((partition) => partition === 0));
    await send(batch, search);
    expect(search.sent).toEqual([[1, 3]]);
    expect(statesOf(batch)).toEqual([Lost, Indexed, Lost, Indexed]);
  });

  it('between the halves of a split request: their records are not written any more', async () => {
    const batch = await flowBatch(records);
    const search = new ScriptedSearch((sent, request, body) => {
      if (request === 1) {
        return requestAnswer(413);
      }
      batch.lose((partition) => partition === 1);
      return allWritten(sent, request, body);
    });
    await send(batch, search);
    expect(search.sent).toEqual([[0, 1, 2, 3], [0, 1], [2]]);
    expect(statesOf(batch)).toEqual([Indexed, Lost, Indexed, Lost]);
  });
});

describe('a complaint', () => {
  it('of one batch is not taken back by another that moves', async () => {
    const search = new ScriptedSearch(first(perDocument(() => BUSY)));
    const retry = Promise.withResolvers<void>();
    const retrying = Promise.withResolvers<void>();
    let asked = 0;
    search.mayWrite = () => {
      asked++;
      if (asked === 2) {
        retrying.resolve();
        return retry.promise;
      }
      return Promise.resolve();
    };
    const sender = new BulkSender(search.ports, {
      failureThreshold: 10,
      hasDocumentVersion: false,
      indexBaseProvider: 'opensearch',
    });
    const slow = sender.send(await flowBatch(documents(1)), never);
    await retrying.promise;
    await sender.send(await flowBatch(documents(1)), never);
    expect(search.causes.at(-1)).not.toBe('');
    retry.resolve();
    await slow;
    expect(search.causes.at(-1)).toBe('');
  });
});
