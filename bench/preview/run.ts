// How long a preview of 100 records takes, given and peeked, by a running management process.
// Run: npm run build && npm run bench -- preview [rounds, default 30]
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { choosePorts } from '../../sandbox/ports.ts';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { MeasuredProcess } from '../pipeline/measured-process.ts';

const rounds = Number(process.argv[3] ?? 30);
const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
const sandbox = new Sandbox({ name: 'bench-preview', print: (line) => console.log(line) });

const PIPELINES = '/api/flow-stream-data-pipeline/v1/pipelines';
const RECORDS = 100;
const RECORD_BYTES = 5 * 1024;

const handlers = [
  { type: 'rename', from: 'msg', to: 'message' },
  { type: 'convert', field: 'status', to: 'integer' },
  { type: 'date', field: 'time', formats: ['iso8601'] },
  { type: 'grok', field: 'line', patterns: ['%{IP:client} %{WORD:method} %{URIPATH:path}'] },
  { type: 'redact', presets: ['email'], within: ['message'] },
];
const record = (n: number) =>
  JSON.stringify({
    ...{ order: n, msg: `paid by ann@example.com ${'x'.repeat(RECORD_BYTES - 200)}`, status: '200' },
    ...{ time: '2025-06-01T12:00:00.123Z', line: '10.0.0.1 GET /cart' },
  });
const pipeline = { id: 'bench', name: 'Bench', index_base: 'bench' };
const records = Array.from({ length: RECORDS }, (_, n) => ({ value: record(n) }));

async function post(origin: string, path: string, body: object): Promise<{ ms: number; text: string }> {
  const startedAt = performance.now();
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${response.status} ${text.slice(0, 500)}`);
  }
  return { ms: performance.now() - startedAt, text };
}

async function measure(origin: string, body: object) {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { ms, text } = await post(origin, `${PIPELINES}/preview`, body);
    const { entries } = JSON.parse(text) as { entries: { result: string }[] };
    const written = entries.filter(({ result }) => result === 'document').length;
    if (written !== RECORDS) {
      throw new Error(`${written} of ${RECORDS} records became documents: ${text.slice(0, 500)}`);
    }
    times.push(ms);
  }
  const [first = 0, ...later] = times;
  const sorted = later.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return { 'first ms': Math.round(first), 'p50 ms': at(0.5), 'p90 ms': at(0.9), 'most ms': at(1) };
}

async function fill(topic: string): Promise<void> {
  const { Kafka, logLevel } = await import('kafkajs');
  const brokers = (sandbox.env()['KAFKA_BROKERS'] ?? '').split(',');
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic, messages: records });
  await producer.disconnect();
}

await sandbox.up();
try {
  const { http = 0, internal = 0 } = await choosePorts(['http', 'internal'], {}, []);
  const origin = `http://127.0.0.1:${http}`;
  const tenant = `b${Date.now().toString(36)}`;
  const mgmt = new MeasuredProcess(
    [main, '--role', 'mgmt'],
    {
      ...sandbox.env(),
      ...{ SDP_KAFKA_NAMES_TENANT: tenant, SDP_LOG_LOGLEVEL: 'warn' },
      ...{ SDP_SERVER_HTTPPORT: String(http), SDP_SERVER_INTERNALHTTPPORT: String(internal) },
    },
    join(sandbox.folder, 'mgmt.log'),
  );
  try {
    while (!(await fetch(`${origin}/health/ready`).catch(() => undefined))?.ok) {
      if (mgmt.hasEnded) {
        throw new Error(`the service has ended; see mgmt.log in ${sandbox.folder}`);
      }
      await delay(100);
    }
    await post(origin, PIPELINES, { ...pipeline, handlers });
    await fill(`${tenant}.sdp.bench.input`);
    const before = mgmt.memoryMiB();
    console.table({
      'given, five handlers': await measure(origin, { id: 'bench', records }),
      'given, no handlers': await measure(origin, { id: 'bench', pipeline: { handlers: [] }, records }),
      'peeked, five handlers': await measure(origin, { id: 'bench', peek: { last: RECORDS } }),
    });
    console.log(`resident memory: ${before} MiB before, ${mgmt.memoryMiB()} MiB after`);
  } finally {
    await mgmt.stop();
  }
} finally {
  await sandbox.remove();
}
