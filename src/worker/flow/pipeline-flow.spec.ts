import { jest } from '@jest/globals';
import { commitPath, OUTPUT_TOPIC } from '../../../test/factories/commit-path.js';
import { batchBuilder, type FlowBatchOptions } from '../../../test/factories/flow-batches.js';
import { controlBatch, recordBatch, writtenBatch } from '../../../test/factories/record-batches.js';
import { kafkaFault } from '../../../test/factories/scripted-kafka.js';
import { allWritten, requestAnswer, type Responder, ScriptedSearch } from '../../../test/factories/scripted-search.js';
import { ScriptedSource } from '../../../test/factories/scripted-source.js';
import { HandlerChain } from '../../stream/handler-chain.js';
import { next } from '../../stream/outcome.js';
import { USUAL_BACK_OFF } from '../../domain/back-off.js';
import { BulkIndexer } from './bulk/bulk-indexer.js';
import { BulkSender } from './bulk/bulk-sender.js';
import { CommitLoop } from './commit/commit-loop.js';
import { FlowMetrics } from './flow-metrics.js';
import { PipelineFlow, type PipelineFlowOptions } from './pipeline-flow.js';
import type { RecordContext } from '../../document/record-context.js';

const MIB = 1024 * 1024;

/** A whole flow between an input in memory, an OpenSearch and a Kafka by script. */
function start(
  respond: Responder = allWritten,
  given: Partial<PipelineFlowOptions> = {},
  builder: FlowBatchOptions = {},
) {
  const input = new ScriptedSource();
  const search = new ScriptedSearch(respond);
  const path = commitPath();
  const causes: string[] = [];
  const metrics = new FlowMetrics();
  const fail = (error: unknown) => flow.fail(error);
  const commits = new CommitLoop(
    path.committer,
    metrics,
    { onCommitted: () => flow.progressed(), onFailure: fail },
    { maxGroupBytes: MIB },
    path.aborter.signal,
  );
  const sender = new BulkSender(search.ports, {
    failureThreshold: 3,
    hasDocumentVersion: false,
    indexBaseProvider: 'opensearch',
  });
  const indexer = new BulkIndexer(
    sender,
    { onFinal: (batch) => commits.markFinal(batch), onFailure: fail },
    { maxInFlight: 2 },
  );
  const flow = new PipelineFlow(
    {
      source: input.source,
      builder: batchBuilder(builder),
      indexer,
      commits,
      metrics,
      brokers: 'broker:9092',
      onWaiting: (cause) => causes.push(cause?.text ?? ''),
    },
    {
      flushBytes: MIB,
      flushItems: 1000,
      flushIntervalMs: Infinity,
      maxBufferedBytes: 4 * MIB,
      maxDecompressedBytes: MIB,
      ...given,
    },
  );
  /** As the group tells it: what is not final of the partition is given up, here and in the ledger. */
  const lose = (partition: number) => {
    path.rebalance(() => false);
    input.revoke(partition);
    flow.lose((lost) => lost === partition);
  };
  return { ...path, input, search, causes, metrics, flow, lose };
}

/** Answers when the test says so. */
const holding =
  (held: (() => void)[]): Responder =>
  (...sent) =>
    new Promise((resolve) => held.push(() => resolve(allWritten(...sent))));

/** Waits on a condition; the test's own deadline ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const numbered = (from: number, count: number): Buffer =>
  writtenBatch(
    Array.from({ length: count }, (_, n) => ({ value: `{"n":${from + n}}` })),
    from,
  );
const forwarded = ({ kafka }: ReturnType<typeof start>, partition = 0): number[] =>
  kafka.values(OUTPUT_TOPIC, partition).map((value) => (JSON.parse(value ?? '') as { n: number }).n);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

beforeEach(() => {
  jest.spyOn(USUAL_BACK_OFF, 'random').mockReturnValue(0);
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('a flow', () => {
  it('takes every record from the input to the index and the output, in order, and commits it', async () => {
    const started = start(allWritten, { flushItems: 7 });
    const { input, flow, kafka, search, metrics } = started;
    input.add(0, numbered(0, 20), numbered(20, 30));
    input.add(1, numbered(0, 5));
    const running = flow.run();
    await until(() => input.asked.length > 3);
    flow.stop();
    await running;
    expect(search.sent.flat().length).toBe(55);
    expect([forwarded(started, 0), forwarded(started, 1)]).toEqual([range(0, 50), range(0, 5)]);
    expect([kafka.offsets.get(0)?.offset, kafka.offsets.get(1)?.offset]).toEqual([50, 5]);
    expect([metrics.recordsIn, metrics.recordsIndexed, metrics.recordsInFlight]).toEqual([55, 55, 0]);
  });

  it.each<[string, Partial<PipelineFlowOptions>, number[][]]>([
    ['so many records', { flushItems: 4 }, [range(0, 4), range(4, 8)]],
    // A document and its action take between 200 and 300 bytes here.
    ['so many bytes', { flushBytes: 901 }, [range(0, 4), range(4, 8)]],
    ['the interval', { flushIntervalMs: 0 }, [range(0, 10)]],
  ])('writes a bulk at %s', async (_what, options, sent) => {
    const { input, flow, search } = start(allWritten, options);
    input.add(0, numbered(0, 10));
    const running = flow.run();
    await until(() => search.requests.length >= sent.length);
    expect(search.sent).toEqual(sent);
    flow.stop();
    await running;
    expect(search.sent.flat()).toEqual(range(0, 10));
  });

  it('commits what it has read, and reads no more, while the group shares its partitions out anew', async () => {
    const held: (() => void)[] = [];
    const started = start(holding(held));
    const { input, flow, kafka } = started;
    input.add(0, numbered(0, 20));
    const running = flow.run();
    await until(() => input.asked.length > 1);
    input.isSettling = true;
    await until(() => held.length === 1);
    const asked = input.asked.length;
    input.add(0, numbered(20, 10));
    expect(flow.isSettled).toBe(false);
    held.shift()?.();
    await until(() => flow.isSettled);
    expect(forwarded(started)).toEqual(range(0, 20));
    expect([input.asked.length, kafka.offsets.get(0)?.offset]).toEqual([asked, 20]);

    input.isSettling = false;
    await until(() => input.asked.length > asked + 1);
    flow.stop();
    await until(() => held.length === 1);
    held.shift()?.();
    await running;
    expect(forwarded(started)).toEqual(range(0, 30));
  });

  it('commits offsets that no record stands at: lag reaches zero', async () => {
    const { input, flow, kafka } = start(allWritten, { flushIntervalMs: 0 });
    input.add(0, controlBatch(0, 1n, 'commit'), recordBatch({ baseOffset: 1, lastOffsetDelta: 8 }));
    const running = flow.run();
    await until(() => kafka.offsets.get(0)?.offset === 10);
    flow.stop();
    await running;
    expect(kafka.log.size).toBe(0);
  });

  it('takes up within a batch where it is told to', async () => {
    const started = start();
    const { input, flow } = started;
    input.add(0, numbered(0, 10));
    input.assign(0, 6);
    const running = flow.run();
    await until(() => input.asked.length > 2);
    flow.stop();
    await running;
    expect(forwarded(started)).toEqual(range(6, 10));
  });
});

describe('back pressure', () => {
  it('asks for no more than there is room for, and for nothing at the cap, until something is committed', async () => {
    const held: (() => void)[] = [];
    const { input, flow, kafka } = start(holding(held), { maxBufferedBytes: 300_000 });
    const record = (n: number) => writtenBatch([{ value: JSON.stringify({ n, pad: 'x'.repeat(25_000) }) }], n);
    input.add(0, ...range(0, 40).map(record));
    const running = flow.run();
    await until(() => held.length === 1);
    const polls = input.asked.length;
    for (let turn = 0; turn < 50; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(input.asked).toHaveLength(polls);
    expect(flow.bufferedBytes).toBeLessThanOrEqual(300_000);
    expect(Math.max(...input.asked)).toBeLessThanOrEqual(300_000);
    expect(Math.min(...input.asked)).toBeGreaterThan(0);
    flow.stop();
    while (held.length > 0) {
      held.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await running;
    expect([flow.bufferedBytes, kafka.offsets.get(0)?.offset]).toEqual([0, polls]);
  });

  it('holds a batch that unpacks to more than the cap: no more of it is taken than there is room for', async () => {
    const held: (() => void)[] = [];
    const { input, flow, kafka } = start(holding(held), { maxBufferedBytes: 200_000 });
    const records = range(0, 40).map((n) => ({ value: JSON.stringify({ n, pad: 'x'.repeat(25_000) }) }));
    input.add(0, recordBatch({ records, codec: 'gzip' }));
    const running = flow.run();
    await until(() => held.length === 1);
    expect(flow.bufferedBytes).toBeLessThan(230_000);
    while (kafka.offsets.get(0)?.offset !== 40) {
      expect(flow.bufferedBytes).toBeLessThan(230_000);
      held.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
      if (kafka.commits > 3) {
        flow.stop();
      }
    }
    await running;
  });
});

describe('the end of a flow', () => {
  it('by a stop writes and commits what was read, and reads nothing more', async () => {
    const started = start();
    const { input, flow, search, kafka } = started;
    input.add(0, numbered(0, 10));
    const running = flow.run();
    await until(() => flow.bufferedBytes > 0);
    expect(search.requests).toEqual([]);
    flow.stop();
    const polls = input.asked.length;
    await running;
    expect(input.asked).toHaveLength(polls);
    expect([forwarded(started), kafka.offsets.get(0)?.offset]).toEqual([range(0, 10), 10]);
  });

  it('by a failure comes at once, with its error; the offsets stay', async () => {
    const { input, flow, kafka } = start(() => requestAnswer(403), { flushIntervalMs: 0 });
    input.add(0, numbered(0, 10));
    await expect(flow.run()).rejects.toMatchObject({ code: 'OPENSEARCH_ACCESS_DENIED' });
    expect(kafka.offsets.size).toBe(0);
    expect([flow.signal.aborted, flow.stopSignal.aborted]).toEqual([true, true]);
  });

  it('comes even while a stop waits for what cannot be written', async () => {
    const { input, flow } = start(() => new Promise(() => undefined));
    input.add(0, numbered(0, 10));
    const running = flow.run();
    await until(() => flow.bufferedBytes > 0);
    flow.stop();
    await until(() => flow.stopSignal.aborted);
    flow.fail(new Error('deadline'));
    await expect(running).rejects.toThrow('deadline');
  });

  it('is told by whoever commits, too', async () => {
    const { input, flow, kafka } = start(allWritten, { flushIntervalMs: 0 });
    kafka.commitSteps = [{ fault: kafkaFault('fenced') }];
    input.add(0, numbered(0, 1));
    await expect(flow.run()).rejects.toMatchObject({ code: 'TASK_MOVED' });
  });
});

describe('partitions that others took over', () => {
  it('while they are read: what was read of them is neither written nor committed, the rest is', async () => {
    const started = start();
    const { input, flow, lose, kafka, search } = started;
    input.add(0, numbered(0, 3));
    input.add(1, numbered(0, 3));
    const running = flow.run();
    await until(() => input.asked.length > 2);
    lose(1);
    flow.stop();
    await running;
    expect([forwarded(started, 0), forwarded(started, 1)]).toEqual([range(0, 3), []]);
    expect([[...kafka.offsets.keys()], search.sent.flat().length]).toEqual([[0], 3]);
  });

  it('and come back are read again from where the group says, once', async () => {
    const started = start();
    const { input, flow, lose, kafka } = started;
    input.add(0, numbered(0, 6));
    const running = flow.run();
    await until(() => flow.bufferedBytes > 0);
    lose(0);
    input.assign(0, 2);
    await until(() => input.asked.length > 6);
    flow.stop();
    await running;
    expect([forwarded(started), kafka.offsets.get(0)?.offset]).toEqual([range(2, 6), 6]);
  });

  it('while a record waits for its handler: that record and those behind it are left to the next holder', async () => {
    const gate = Promise.withResolvers<void>();
    const waiting = Promise.withResolvers<void>();
    const handler = async (context: RecordContext) => {
      if (context.record.includes('"n":2')) {
        waiting.resolve();
        await gate.promise;
      }
      return next;
    };
    const chain = new HandlerChain<RecordContext>({ base: [handler] });
    const started = start(allWritten, {}, { chain });
    const { input, flow, lose, kafka } = started;
    input.add(0, numbered(0, 6));
    input.add(1, numbered(0, 2));
    const running = flow.run();
    await waiting.promise;
    lose(0);
    gate.resolve();
    await until(() => input.asked.length > 3);
    flow.stop();
    await running;
    expect([forwarded(started, 0), forwarded(started, 1)]).toEqual([[], range(0, 2)]);
    expect([...kafka.offsets.keys()]).toEqual([1]);
  });
});

describe('what a flow counts', () => {
  /** Everything that was read is somewhere. */
  const conserved = ({ metrics }: ReturnType<typeof start>) =>
    metrics.recordsIn === metrics.recordsReplayed + metrics.recordsInFlight + metrics.recordsIndexed;

  it('is a record when it is read, and in flight until it is committed', async () => {
    const held: (() => void)[] = [];
    const started = start(holding(held), { flushIntervalMs: 0 });
    const { input, flow, metrics, kafka } = started;
    input.add(0, numbered(0, 3));
    const running = flow.run();
    await until(() => held.length === 1);
    expect(metrics).toMatchObject({ recordsIn: 3, recordsInFlight: 3, recordsIndexed: 0 });
    expect(metrics.bytesIn).toBe(flow.bufferedBytes);
    held[0]?.();
    await until(() => kafka.offsets.get(0)?.offset === 3);
    flow.stop();
    await running;
    expect(metrics).toMatchObject({ recordsIn: 3, recordsInFlight: 0, recordsIndexed: 3, recordsReplayed: 0 });
  });

  it('is what others took over as replayed, once, whether it is still gathered or on its way', async () => {
    const held: (() => void)[] = [];
    const started = start(holding(held), { flushItems: 4 });
    const { input, flow, metrics, lose } = started;
    input.add(0, numbered(0, 6));
    input.add(1, numbered(0, 1));
    const running = flow.run();
    await until(() => held.length === 1 && metrics.recordsIn === 7);
    lose(0);
    lose(0);
    expect(metrics).toMatchObject({ recordsReplayed: 6, recordsInFlight: 1 });
    expect(conserved(started)).toBe(true);
    held[0]?.();
    flow.stop();
    await until(() => held.length === 2);
    held[1]?.();
    await running;
    expect(metrics).toMatchObject({ recordsIn: 7, recordsReplayed: 6, recordsInFlight: 0, recordsIndexed: 1 });
  });

  it('is a record that waits for its handler while its partition goes', async () => {
    const waiting = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const handler = async () => {
      waiting.resolve();
      await gate.promise;
      return next;
    };
    const started = start(allWritten, {}, { chain: new HandlerChain<RecordContext>({ base: [handler] }) });
    const { input, flow, metrics, lose } = started;
    input.add(0, numbered(0, 6));
    const running = flow.run();
    await waiting.promise;
    lose(0);
    gate.resolve();
    flow.stop();
    await running;
    expect(metrics).toMatchObject({ recordsIn: 1, recordsReplayed: 1, recordsInFlight: 0 });
  });

  it('stays in flight when the flow fails: whoever ends the run gives it back', async () => {
    const { input, flow, metrics } = start(() => requestAnswer(403), { flushIntervalMs: 0 });
    input.add(0, numbered(0, 10));
    await expect(flow.run()).rejects.toMatchObject({ code: 'OPENSEARCH_ACCESS_DENIED' });
    expect(metrics).toMatchObject({ recordsIn: 10, recordsInFlight: 10, recordsReplayed: 0 });
  });

  it('tells the time of the first record of each partition that is not committed', async () => {
    const held: (() => void)[] = [];
    const { input, flow } = start(holding(held), { flushItems: 2 });
    const at = (timestamp: number) => writtenBatch([{ value: '{}', timestamp }]);
    input.add(0, at(1000), writtenBatch([{ value: '{}', timestamp: 2000 }], 1));
    input.add(1, at(3000), writtenBatch([{ value: '{}', timestamp: 2500 }], 1));
    input.add(2, at(4000));
    const running = flow.run();
    await until(() => held.length === 2);
    expect([...flow.firstTimestamps()].sort()).toEqual([
      [0, 1000],
      [1, 3000],
      [2, 4000],
    ]);
    flow.stop();
    held.splice(0).forEach((release) => release());
    await until(() => held.length > 0);
    held.splice(0).forEach((release) => release());
    await running;
    expect(flow.firstTimestamps().size).toBe(0);
  });
});

describe('a fault of the input', () => {
  it('that passes is waited out and told, and withdrawn when it is over', async () => {
    const started = start(allWritten, { flushIntervalMs: 0 });
    const { input, flow, causes, kafka } = started;
    input.pollFaults = [kafkaFault('transient', 'LEADER_NOT_AVAILABLE')];
    input.joinFaults = [kafkaFault('transient', 'COORDINATOR_NOT_AVAILABLE')];
    input.add(0, numbered(0, 2));
    const running = flow.run();
    await until(() => kafka.offsets.get(0)?.offset === 2);
    flow.stop();
    await running;
    expect(causes.filter((cause) => cause !== '')).toEqual([
      expect.stringContaining('COORDINATOR_NOT_AVAILABLE'),
      expect.stringContaining('LEADER_NOT_AVAILABLE'),
    ]);
    expect(causes.at(-1)).toBe('');
    expect(input.joins).toBe(2);
  });

  it('that ended the membership leads to another join', async () => {
    const { input, flow, kafka } = start(allWritten, { flushIntervalMs: 0 });
    input.add(0, numbered(0, 2));
    input.pollFaults = [kafkaFault('rebalance', 'UNKNOWN_MEMBER_ID')];
    input.hasEnded = true;
    const running = flow.run();
    await until(() => input.joins === 1);
    input.hasEnded = true;
    await until(() => kafka.offsets.get(0)?.offset === 2);
    flow.stop();
    await running;
    expect(input.joins).toBe(2);
  });

  it.each([
    ['pollFaults', 'authorization', 'GROUP_AUTHORIZATION_FAILED', 'KAFKA_ACCESS_DENIED'],
    ['joinFaults', 'authorization', 'GROUP_AUTHORIZATION_FAILED', 'KAFKA_ACCESS_DENIED'],
    ['pollFaults', 'refused', 'CERTIFICATE_NOT_TRUSTED', 'KAFKA_CONNECTION_REFUSED'],
    ['joinFaults', 'refused', 'SASL_AUTHENTICATION_FAILED', 'KAFKA_CONNECTION_REFUSED'],
  ] as const)('that an operator has to mend ends the task (%s, %s)', async (where, kind, code, expected) => {
    const { input, flow } = start();
    input[where] = [kafkaFault(kind, code)];
    await expect(flow.run()).rejects.toMatchObject({ code: expected });
  });

  it('that lies in the bytes ends the task before anything behind it is taken', async () => {
    const { input, flow, kafka } = start(allWritten, { flushIntervalMs: 0 });
    const broken = numbered(2, 2);
    broken[70] = broken[70]! ^ 1;
    input.add(0, numbered(0, 2), broken, numbered(4, 2));
    await expect(flow.run()).rejects.toMatchObject({ code: 'CORRUPT_MESSAGE' });
    expect(kafka.offsets.get(0)?.offset ?? 0).toBeLessThanOrEqual(2);
  });
});
