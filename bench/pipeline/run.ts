// Drains the same topic with this program and with the baseline, one after another on the same machine, into a stub and
// into OpenSearch. Run: npm run build && npm run bench -- [records, default 300000]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { drain, type DrainResult } from './drain.ts';
import { loadTopic } from './load-topic.ts';
import { MeasuredProcess } from './measured-process.ts';

const records = Number(process.argv[2] ?? 300_000);
const root = join(import.meta.dirname, '..', '..');
const main = join(root, 'dist', 'main.js');
const run = `b${Date.now().toString(36)}`;
const sandbox = new Sandbox({ name: 'bench', print: (line) => console.log(line) });
const running: MeasuredProcess[] = [];

function start(logName: string, args: readonly string[], environment: Record<string, string>): MeasuredProcess {
  const process = new MeasuredProcess(args, environment, join(sandbox.folder, `${logName}.log`));
  running.push(process);
  return process;
}

async function answer(url: string, request?: RequestInit): Promise<Response | undefined> {
  return fetch(url, request).catch(() => undefined);
}

async function until(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if ((await answer(url))?.ok) {
      return;
    }
    await delay(100);
  }
  throw new Error(`${url} did not answer`);
}

async function measure(env: Record<string, string>, stub: string): Promise<DrainResult[]> {
  const broker = env['KAFKA_BROKERS'] ?? '';
  const search = env['OPENSEARCH_URL'] ?? '';
  const input = `${run}-input`;
  await loadTopic(broker, input, [`${run}-naive-stub`, `${run}-naive-search`], records);
  const program = {
    ...env,
    SDP_KAFKA_NAMES_TENANT: run,
    SDP_SERVER_HTTPPORT: '28012',
    SDP_SERVER_INTERNALHTTPPORT: '28013',
  };
  start('mgmt', [main, '--role', 'mgmt'], program);
  await until('http://127.0.0.1:28012/health/ready');
  const pipelines = 'http://127.0.0.1:28012/api/flow-stream-data-pipeline/v1/pipelines';
  const results: DrainResult[] = [];
  for (const [target, node] of [
    ['stub', stub],
    ['search', search],
  ] as const) {
    const base = `${run}-${target}`;
    const count = target === 'stub' ? await stubCounter(stub) : async () => countOf(search, `mdl-${base}`);
    const body = JSON.stringify({
      id: base,
      name: base,
      output_type: 'index_base',
      index_base: base,
      input_topic: input,
    });
    await answer(pipelines, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const worker = start('worker', [main, '--role', 'worker', '--pipeline', base], {
      ...program,
      SDP_SERVER_HTTPPORT: '28022',
      SDP_OPENSEARCH_NODES: node,
    });
    results.push(await drain(`this program → ${target}`, worker, records, count));
    await worker.stop();
    const naiveIndex = `${run}-naive-${target}`;
    const naiveCount = target === 'stub' ? await stubCounter(stub) : async () => countOf(search, naiveIndex);
    const naive = start(
      'naive',
      [join(import.meta.dirname, 'naive-pipeline.ts'), broker, input, naiveIndex, naiveIndex, node],
      {},
    );
    results.push(await drain(`baseline → ${target}`, naive, records, naiveCount));
    await naive.stop();
  }
  return results;
}

async function stubCounter(stub: string): Promise<() => Promise<number>> {
  const read = async () => ((await (await fetch(`${stub}/counts`)).json()) as { documents: number }).documents;
  const before = await read();
  return async () => (await read()) - before;
}

async function countOf(search: string, index: string): Promise<number> {
  await answer(`${search}/${index}/_refresh`, { method: 'POST' });
  const response = await answer(`${search}/${index}/_count`);
  return response?.ok ? ((await response.json()) as { count: number }).count : 0;
}

mkdirSync(sandbox.folder, { recursive: true });
await sandbox.up();
try {
  const stub = 'http://127.0.0.1:28099';
  start('stub', [join(import.meta.dirname, 'stub-search.ts'), '28099'], {});
  await until(`${stub}/counts`);
  const results = await measure(sandbox.env(), stub);
  console.log(`${records} records of about 0.8 kB, 4 partitions`);
  console.table(results);
} finally {
  await Promise.all(running.map((process) => process.stop()));
  await sandbox.remove();
}
