import { readFileSync } from 'node:fs';
import type { InputRecord } from '../factories/input-record.js';
import { jsonRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { PipelineBody } from '../support/api-client.js';
import { readCommittedRecords, type CommittedRecord } from '../support/committed-records.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import type { ProgramProcess } from '../support/program-process.js';
import { isLinkedTo, type ReceivedSpan, TraceReceiver } from '../support/trace-receiver.js';
import { waitUntil } from '../support/wait-until.js';

const server = 2;
const client = 3;
const producer = 4;
const consumer = 5;
const secret = 'Bearer test-0815';
const callerSpanId = '00f067aa0ba902b7';
const traceIdOf = (n: number) => n.toString(16).padStart(32, 'a');
const parentOf = (n: number, flags = '01') => `00-${traceIdOf(n)}-${callerSpanId}-${flags}`;

function record(text: string, headers: Record<string, string>): InputRecord {
  const value = Buffer.from(text);
  return { value, headers, partition: 0, key: null, timestamp: Date.now(), expected: { outcome: 'skipped' } };
}

function tracingTo(receiver: TraceReceiver, sampleRatio: string): Record<string, string> {
  return {
    SDP_TRACING_ENABLED: 'true',
    SDP_TRACING_ENDPOINT: receiver.endpoint,
    SDP_TRACING_HEADERS: `authorization=${secret},x-scope=sdp`,
    SDP_TRACING_SAMPLERATIO: sampleRatio,
  };
}

describe('a program that traces what others ask it to', () => {
  let installation: Installation;
  let receiver: TraceReceiver;
  let mgmt: ProgramProcess;
  let worker: ProgramProcess;
  let pipeline: PipelineBody;
  const create = traceIdOf(1);

  const get = (path: string, n: number) => fetch(mgmt.url + path, { headers: { traceparent: parentOf(n) } });

  beforeAll(async () => {
    receiver = await TraceReceiver.start();
    installation = await Installation.make('tracing', tracingTo(receiver, '0'));
    mgmt = await installation.start(['--role', 'mgmt']);
    worker = await installation.start(['--role', 'worker']);
    await get('/health/ready', 2);
    const api = installation.api(mgmt);
    const { headers, status } = await fetch(`${api.base}/pipelines`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: parentOf(1), tracestate: 'vendor=1' },
      body: JSON.stringify(pipelineRequest(installation.indexBase())),
    });
    expect(status).toBe(201);
    pipeline = await api.get(headers.get('location')?.split('/').at(-1) ?? '');
  });

  afterAll(async () => {
    await receiver.stop();
    await installation.remove();
  });

  describe('shows a request', () => {
    let request: ReceivedSpan;
    let below: ReceivedSpan[];

    beforeAll(async () => {
      request = await receiver.span('the create', ({ traceId, kind }) => traceId === create && kind === server);
      below = receiver.spans.filter((span) => span.traceId === create && span !== request);
    });

    it('below the span of its caller, by its route', () => {
      expect(request).toMatchObject({
        name: 'POST /api/flow-stream-data-pipeline/v1/pipelines',
        parentSpanId: callerSpanId,
        traceState: 'vendor=1',
        hasFailed: false,
        attributes: {
          'http.route': '/api/flow-stream-data-pipeline/v1/pipelines',
          'http.request.method': 'POST',
          'http.response.status_code': 201,
        },
        resource: { 'service.name': 'flow-stream-data-pipeline', 'sdp.role': 'mgmt' },
      });
    });

    it('with the statements below it, without what was bound to them', () => {
      const statements = below.filter(({ attributes }) => attributes['db.system.name'] === 'mysql');
      expect(statements.map(({ name }) => name)).toEqual(expect.arrayContaining(['SELECT', 'INSERT', 'UPDATE']));
      expect(statements.every(({ kind }) => kind === client)).toBe(true);
      const texts = statements.map(({ attributes }) => String(attributes['db.query.text'])).join('\n');
      expect(texts).toContain('?');
      expect(texts).not.toMatch(/\b\d+\b|'/);
      expect(texts).not.toContain(pipeline.index_base);
      expect(texts).not.toContain(pipeline.id);
    });

    it('with what it sent to Kafka and asked of OpenSearch below it', () => {
      const sent = below.filter(({ kind }) => kind === producer);
      expect(sent.map(({ name }) => name)).toEqual([expect.stringMatching(/^send .+\.sdp\.control$/)]);
      const asked = below.filter(({ attributes }) => attributes['url.full'] !== undefined);
      expect(asked.map(({ attributes }) => attributes['http.request.method'])).toContain('PUT');
      expect(asked.filter(({ attributes }) => /[?@]/.test(String(attributes['url.full'])))).toEqual([]);
    });

    it('as one tree', () => {
      const ids = new Set([request, ...below].map(({ spanId }) => spanId));
      expect(below.filter(({ parentSpanId }) => !ids.has(parentSpanId))).toEqual([]);
    });
  });

  it('leaves out queries, ids in names, and what machines ask', async () => {
    await get(`/api/flow-stream-data-pipeline/v1/pipelines/${pipeline.id}?fault=hidden`, 3);
    const span = await receiver.span('the read', ({ traceId, kind }) => traceId === traceIdOf(3) && kind === server);

    expect(span.name).toBe('GET /api/flow-stream-data-pipeline/v1/pipelines/:id');
    expect(JSON.stringify(receiver.spans)).not.toContain('hidden');
    expect(receiver.spans.filter(({ traceId }) => traceId === traceIdOf(2))).toEqual([]);
  });

  describe('follows records', () => {
    let forwarded: CommittedRecord[];
    let rejected: CommittedRecord[];
    const processOf = (n: number) =>
      receiver.span(`record ${n}`, ({ traceId, kind }) => traceId === traceIdOf(n) && kind === consumer);

    beforeAll(async () => {
      const { kafka, group } = installation;
      await kafka.produce(pipeline.input_topic, [
        record('{"n":10}', { a: '1', traceparent: parentOf(10), tracestate: 'vendor=2', z: '2' }),
        record('{"__id":""}', { traceparent: parentOf(11) }),
        record('{"n":12}', { traceparent: parentOf(12, '00'), tracestate: 'vendor=3' }),
        record('{"n":13}', { traceparent: 'nonsense-01' }),
        record('{"n":14}', { a: '1' }),
      ]);
      await kafka.caughtUp(group(pipeline.id), pipeline.input_topic, () => worker.logTail());
      forwarded = await readCommittedRecords(pipeline.output_topic);
      rejected = await readCommittedRecords(pipeline.error_topic);
    });

    it('from the producer, through the pipeline, to whoever reads the output', async () => {
      const span = await processOf(10);
      expect(span).toMatchObject({
        name: `process ${pipeline.input_topic}`,
        parentSpanId: callerSpanId,
        traceState: 'vendor=2',
        hasFailed: false,
        attributes: {
          'messaging.system': 'kafka',
          'messaging.destination.name': pipeline.input_topic,
          'messaging.destination.partition.id': '0',
          'messaging.kafka.offset': 0,
          'messaging.consumer.group.name': installation.group(pipeline.id),
          'sdp.pipeline.id': pipeline.id,
          'sdp.record.outcome': 'indexed',
        },
        resource: { 'sdp.role': 'worker' },
      });
      expect(Object.entries(forwarded[0]?.headers ?? {})).toEqual([
        ['a', '1'],
        ['traceparent', `00-${traceIdOf(10)}-${span.spanId}-01`],
        ['tracestate', 'vendor=2'],
        ['z', '2'],
        ['__pipeline_id', pipeline.id],
      ]);
    });

    it('to the error topic, and says why', async () => {
      const span = await processOf(11);
      const [error] = rejected;
      expect(span).toMatchObject({ parentSpanId: callerSpanId, hasFailed: true });
      expect(span.attributes).toMatchObject({
        'sdp.record.outcome': 'rejected',
        'sdp.rejection.code': error?.headers['__error_code'],
        'error.type': error?.headers['__error_code'],
        'sdp.rejection.stage': error?.headers['__error_stage'],
      });
      expect(error?.headers['traceparent']).toBe(`00-${traceIdOf(11)}-${span.spanId}-01`);
    });

    it('but only those whose trace is recorded: the others keep their headers', () => {
      expect(forwarded.slice(1).map(({ headers }) => headers)).toEqual([
        { traceparent: parentOf(12, '00'), tracestate: 'vendor=3', __pipeline_id: pipeline.id },
        { traceparent: 'nonsense-01', __pipeline_id: pipeline.id },
        { a: '1', __pipeline_id: pipeline.id },
      ]);
      const traces = receiver.spans.filter(({ kind }) => kind === consumer).map(({ traceId }) => traceId);
      expect(new Set(traces)).toEqual(new Set([traceIdOf(10), traceIdOf(11)]));
    });

    it('into their bulk and their commit', async () => {
      const [good, bad] = [await processOf(10), await processOf(11)];
      const bulk = await receiver.span('the bulk', (span) => span.name === 'bulk' && isLinkedTo(span, good));
      const commit = await receiver.span('the commit', (span) => span.name === 'commit' && isLinkedTo(span, good));
      expect(bulk.attributes).toMatchObject({
        'db.system.name': 'opensearch',
        'db.operation.batch.size': 4,
        'sdp.bulk.attempt': 1,
        'http.response.status_code': 200,
      });
      // A record without a document is in no bulk.
      expect([isLinkedTo(bulk, bad), isLinkedTo(commit, bad)]).toEqual([false, true]);
      expect([isLinkedTo(good, bulk), isLinkedTo(good, commit)]).toEqual([true, true]);
      expect(bulk.startMs).toBeGreaterThanOrEqual(good.startMs - 1);
      expect(commit.endMs).toBeLessThanOrEqual(good.endMs + 1);
    });
  });

  it('sends the configured headers with each export, and logs none of them', () => {
    expect(receiver.headers.length).toBeGreaterThan(0);
    expect(receiver.headers.filter((headers) => headers.authorization !== secret)).toEqual([]);
    expect(receiver.headers.filter((headers) => headers['x-scope'] !== 'sdp')).toEqual([]);
    for (const { logFile } of [mgmt, worker]) {
      expect(readFileSync(logFile, 'utf8')).not.toContain(secret);
    }
  });

  it('exports what is left before it ends', async () => {
    await get('/api/flow-stream-data-pipeline/v1/pipelines', 4);

    expect(await mgmt.stop()).toMatchObject({ code: 0 });
    expect(receiver.spans.some(({ traceId }) => traceId === traceIdOf(4))).toBe(true);
  });
});

describe('a program whose collector is away', () => {
  let installation: Installation;
  let receiver: TraceReceiver;

  beforeAll(async () => {
    receiver = await TraceReceiver.start();
    receiver.isAway = true;
    installation = await Installation.make('tracing-away', {
      ...tracingTo(receiver, '1'),
      SDP_TRACING_EXPORTTIMEOUTMS: '200',
    });
  });
  afterAll(async () => {
    await receiver.stop();
    await installation.remove();
  });

  it('works as ever, says so once, and exports again when it is back', async () => {
    const all = await installation.start(['--role', 'all']);
    const api = installation.api(all);
    const pipeline = await api.create(pipelineRequest(installation.indexBase(), { settings: { input_partitions: 2 } }));
    const records = jsonRecords({ count: 5000, partitions: 2 });
    await installation.kafka.produce(pipeline.input_topic, records);
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
    // Its own reports are traced too, so that exports go on.
    await waitUntil('several exports have failed', () => receiver.exports >= 3);

    const complaints = () => readFileSync(all.logFile, 'utf8').split('Traces cannot be exported').length - 1;
    expect(complaints()).toBe(1);
    expect(receiver.spans).toEqual([]);
    receiver.isAway = false;
    await receiver.span('anything', () => true);
    await waitUntil('it is told', () => readFileSync(all.logFile, 'utf8').includes('Traces are exported again'));
    expect(complaints()).toBe(1);
    expect(await all.stop()).toMatchObject({ code: 0 });
    // What tasks tell of themselves belongs to no trace, above all not to that of the message that started them.
    const reports = receiver.spans.filter(({ name }) => name.endsWith('.sdp.status') && name.startsWith('send '));
    expect(reports.length).toBeGreaterThan(0);
    expect(reports.filter(({ parentSpanId }) => parentSpanId !== '')).toEqual([]);
  });
});
