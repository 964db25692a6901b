import { commitPath, ERROR_TOPIC, INPUT_TOPIC, OUTPUT_TOPIC } from '../../../../test/factories/commit-path.js';
import { flowBatch, type FlowRecord, PIPELINE_ID, settleAll } from '../../../../test/factories/flow-batches.js';
import { kafkaFault } from '../../../../test/factories/scripted-kafka.js';
import {
  allWritten,
  requestAnswer,
  type Responder,
  ScriptedSearch,
} from '../../../../test/factories/scripted-search.js';
import {
  PRODUCER_SPAN_ID,
  SAMPLED,
  TRACE_ID,
  type TracedFlow,
  tracedFlow,
  UNSAMPLED,
} from '../../../../test/factories/traced-flow.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { ItemState } from '../batch/item-state.js';
import { BulkSender } from '../bulk/bulk-sender.js';

const never = new AbortController().signal;
const PROCESS = `process ${INPUT_TOPIC}`;
const document = (...headers: [string, string | null][]): FlowRecord => ({ value: '{}', headers });
const sampled = () => document(['traceparent', SAMPLED]);

async function send(flow: TracedFlow, batch: FlowBatch, respond: Responder = allWritten): Promise<void> {
  const ports = { ...new ScriptedSearch(respond).ports, tracer: flow.tracer };
  await new BulkSender(ports, {
    failureThreshold: 10,
    hasDocumentVersion: false,
    indexBaseProvider: 'opensearch',
  }).send(batch, never);
}

/** Through bulk and commit; answers what is in the topics then. */
async function commit(flow: TracedFlow, ...group: FlowBatch[]) {
  const path = commitPath(1, { tracer: flow.tracer });
  await path.commit(group);
  const headersIn = (topic: string) => (path.kafka.log.get(`${topic}/0`) ?? []).map(({ headers }) => headers);
  return { forwarded: headersIn(OUTPUT_TOPIC), rejected: headersIn(ERROR_TOPIC) };
}

describe('a record whose trace is recorded', () => {
  it('is a span below the span of its producer, from reading to commit', async () => {
    const flow = tracedFlow();
    const batch = await flowBatch(
      [{ ...document(['traceparent', SAMPLED], ['tracestate', 'vendor=1']), partition: 3, offset: 17 }],
      { tracer: flow.tracer },
    );
    await send(flow, batch);
    expect(flow.named(PROCESS)).toEqual([]);
    await commit(flow, batch);
    const [span] = flow.named(PROCESS);
    expect(span).toMatchObject({
      kind: 'consumer',
      traceId: TRACE_ID,
      parentSpanId: PRODUCER_SPAN_ID,
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      traceState: 'vendor=1',
      hasFailed: false,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': INPUT_TOPIC,
        'messaging.destination.partition.id': '3',
        'messaging.kafka.offset': 17,
        'messaging.consumer.group.name': 'default.sdp.p1',
        'sdp.pipeline.id': PIPELINE_ID,
        'sdp.task.index': 2,
        'sdp.record.outcome': 'indexed',
      },
    });
    expect(span?.endMs).toBeGreaterThanOrEqual(span?.startMs ?? Infinity);
  });

  it('hands its span on as the parent, and every other byte of its headers as it was', async () => {
    const flow = tracedFlow();
    const batch = await flowBatch(
      [document(['a', null], ['a', 'ü'], ['traceparent', SAMPLED], ['tracestate', 'v=1'], ['', 'z'.repeat(200)])],
      { tracer: flow.tracer },
    );
    await send(flow, batch);
    const { forwarded } = await commit(flow, batch);
    expect(forwarded[0]).toEqual([
      ['a', null],
      ['a', 'ü'],
      ['traceparent', `00-${TRACE_ID}-${flow.named(PROCESS)[0]?.spanId}-01`],
      ['tracestate', 'v=1'],
      ['', 'z'.repeat(200)],
      ['__pipeline_id', PIPELINE_ID],
    ]);
  });

  it('of a later version of the standard is handed on in ours', async () => {
    const flow = tracedFlow();
    const later = `${SAMPLED.replace(/^00/, '01')}-${'more'.repeat(30)}`;
    const batch = await flowBatch([document(['traceparent', later], ['b', '2'])], { tracer: flow.tracer });
    await send(flow, batch);
    const { forwarded } = await commit(flow, batch);
    expect(forwarded[0]?.slice(0, 2)).toEqual([
      ['traceparent', `00-${TRACE_ID}-${flow.named(PROCESS)[0]?.spanId}-01`],
      ['b', '2'],
    ]);
  });

  it('follows the last of several parents, as a Kafka client reads them', async () => {
    const flow = tracedFlow();
    const batch = await flowBatch(
      [
        document(['traceparent', UNSAMPLED], ['traceparent', SAMPLED]),
        document(['traceparent', SAMPLED], ['traceparent', UNSAMPLED]),
      ],
      { tracer: flow.tracer },
    );
    await send(flow, batch);
    const { forwarded } = await commit(flow, batch);
    const parents = forwarded.map((headers) => headers.slice(0, 2).map(([, value]) => value));
    expect(parents).toEqual([
      [UNSAMPLED, `00-${TRACE_ID}-${flow.named(PROCESS)[0]?.spanId}-01`],
      [SAMPLED, UNSAMPLED],
    ]);
  });

  it('that is rejected says why, by its code alone, and its error record continues the trace', async () => {
    const flow = tracedFlow();
    const batch = await flowBatch([sampled()], { tracer: flow.tracer });
    const reason = 'failed to parse [n]: secret';
    batch.settle(0, ItemState.Rejected, { code: 'DOCUMENT_REJECTED', reason, stage: 'index' });
    const { rejected } = await commit(flow, batch);
    const [span] = flow.named(PROCESS);
    expect(rejected[0]?.[0]).toEqual(['traceparent', `00-${TRACE_ID}-${span?.spanId}-01`]);
    expect(span).toMatchObject({
      hasFailed: true,
      attributes: {
        'sdp.record.outcome': 'rejected',
        'sdp.rejection.code': 'DOCUMENT_REJECTED',
        'sdp.rejection.stage': 'index',
        'error.type': 'DOCUMENT_REJECTED',
      },
    });
    expect(JSON.stringify(flow.spans)).not.toContain('secret');
  });

  it('has a span whatever becomes of it', async () => {
    const flow = tracedFlow();
    const records = [{ ...sampled(), value: null }, { ...sampled(), partition: 1 }, sampled(), sampled()];
    const batch = await flowBatch(records, { tracer: flow.tracer });
    batch.lose((partition) => partition === 1);
    batch.settle(2, ItemState.Dropped);
    batch.settle(3, ItemState.Superseded);
    await commit(flow, batch);
    expect(flow.named(PROCESS).map(({ attributes }) => attributes['sdp.record.outcome'])).toEqual([
      'skipped',
      'lost',
      'dropped',
      'superseded',
    ]);
  });

  it('is followed only up to a number in each batch; the others keep their parent', async () => {
    const flow = tracedFlow();
    const batch = await flowBatch(Array.from({ length: 2100 }, sampled), { tracer: flow.tracer });
    settleAll(batch, ItemState.Indexed);
    const { forwarded } = await commit(flow, batch);
    expect(flow.named(PROCESS)).toHaveLength(2048);
    expect(forwarded.filter(([header]) => header?.[1] === SAMPLED)).toHaveLength(2100 - 2048);
  });

  it('is forgotten with its batch', async () => {
    const flow = tracedFlow();
    const batch = await flowBatch([sampled()], { tracer: flow.tracer });
    batch.reset();
    await commit(flow, batch);
    expect(flow.spans).toEqual([]);
  });
});

describe('a record whose trace is not recorded', () => {
  it.each([
    ['says so', [['traceparent', UNSAMPLED]]],
    ['has an invalid parent', [['traceparent', SAMPLED.toUpperCase()]]],
    ['has a parent without a value', [['traceparent', null]]],
    ['spells the name otherwise', [['Traceparent', SAMPLED]]],
    ['has other headers', [['tracestate', 'v=1']]],
    ['has no headers', []],
  ] satisfies [string, [string, string | null][]][])('goes its way untouched when it %s', async (_what, headers) => {
    const flow = tracedFlow();
    const batch = await flowBatch([document(...headers)], { tracer: flow.tracer });
    await send(flow, batch);
    const { forwarded } = await commit(flow, batch);
    expect(batch.headersToForward(0)).toEqual(batch.rawHeaders(0));
    expect(forwarded[0]).toEqual([...headers, ['__pipeline_id', PIPELINE_ID]]);
    expect(flow.spans).toEqual([]);
  });
});

describe('a batch with records whose trace is recorded', () => {
  it('is linked with them, bulk by bulk and commit by commit', async () => {
    const flow = tracedFlow();
    const batch = await flowBatch([sampled(), document(), sampled()], { tracer: flow.tracer });
    await send(flow, batch, (sent, request, body) =>
      request === 1 ? requestAnswer(429) : allWritten(sent, request, body),
    );
    await commit(flow, batch);
    const records = flow.named(PROCESS).map(({ traceId, spanId }) => ({ traceId, spanId }));
    const batches = [...flow.named('bulk'), ...flow.named('commit')];
    expect(batches.map(({ links }) => links)).toEqual([records, records, records]);
    expect(new Set(batches.map(({ traceId }) => traceId)).size).toBe(3);
    const back = batches.map(({ traceId, spanId }) => ({ traceId, spanId }));
    expect(flow.named(PROCESS).map(({ links }) => links)).toEqual([back, back]);
  });

  it('says of each bulk what it was and how it went', async () => {
    const flow = tracedFlow();
    const batch = await flowBatch([sampled(), document()], { tracer: flow.tracer });
    const bytes = batch.bodyLength;
    await send(flow, batch, (sent, request, body) =>
      request < 3 ? requestAnswer(request === 1 ? 0 : 503) : allWritten(sent, request, body),
    );
    const common = {
      'sdp.pipeline.id': PIPELINE_ID,
      'sdp.task.index': 2,
      'db.system.name': 'opensearch',
      'db.operation.name': 'bulk',
      'db.operation.batch.size': 2,
      'sdp.bulk.bytes': bytes,
    };
    expect(flow.named('bulk').map(({ attributes }) => attributes)).toEqual([
      { ...common, 'sdp.bulk.attempt': 1, 'error.type': 'no_answer' },
      { ...common, 'sdp.bulk.attempt': 2, 'http.response.status_code': 503, 'error.type': '503' },
      { ...common, 'sdp.bulk.attempt': 3, 'http.response.status_code': 200 },
    ]);
    expect(flow.named('bulk').map(({ kind, hasFailed }) => [kind, hasFailed])).toEqual([
      ['client', true],
      ['client', true],
      ['client', false],
    ]);
  });

  it('says of each commit how it went; a record keeps its span through all of them', async () => {
    const flow = tracedFlow();
    const batches = [
      await flowBatch([sampled()], { tracer: flow.tracer }),
      await flowBatch([{ ...document(), offset: 1 }], { tracer: flow.tracer }),
    ];
    batches.forEach((batch) => settleAll(batch, ItemState.Indexed));
    const path = commitPath(1, { tracer: flow.tracer });
    path.kafka.commitSteps = [{ fault: kafkaFault('transient', 'NOT_COORDINATOR') }];
    await path.commit(batches);
    expect(flow.named('commit').map(({ hasFailed, attributes }) => [hasFailed, attributes])).toEqual([
      [true, expect.objectContaining({ 'error.type': 'NOT_COORDINATOR', 'messaging.batch.message_count': 2 })],
      [false, expect.not.objectContaining({ 'error.type': expect.anything() })],
    ]);
    expect(flow.named(PROCESS)).toHaveLength(1);
    expect(path.kafka.log.get(`${OUTPUT_TOPIC}/0`)?.[0]?.headers[0]).toEqual([
      'traceparent',
      `00-${TRACE_ID}-${flow.named(PROCESS)[0]?.spanId}-01`,
    ]);
  });

  it('is linked with a bounded number of them, and counts the rest', async () => {
    const flow = tracedFlow();
    const batch = await flowBatch(Array.from({ length: 100 }, sampled), { tracer: flow.tracer });
    await send(flow, batch);
    expect(flow.named('bulk').map(({ links, droppedLinks }) => [links.length, droppedLinks])).toEqual([[64, 36]]);
  });
});

describe('a batch without such records', () => {
  it('is recorded, bulk and commit, when it is picked', async () => {
    const flow = tracedFlow(0.01, [0.009, 0.01]);
    const picked = await flowBatch([document()], { tracer: flow.tracer });
    const other = await flowBatch([document()], { tracer: flow.tracer });
    await send(flow, picked);
    await send(flow, other);
    await commit(flow, picked);
    await commit(flow, other);
    expect(flow.spans.map(({ name, links }) => [name, links])).toEqual([
      ['bulk', []],
      ['commit', []],
    ]);
  });
});
