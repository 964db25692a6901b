// How fast the HTTP API answers at an offered rate, MariaDB and Kafka on the same machine, and what idle long polls cost.
// Run: npm run build && npm run bench -- api [seconds a row, default 20]
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { choosePorts } from '../../sandbox/ports.ts';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { MeasuredProcess } from '../pipeline/measured-process.ts';
import { IdleWatchers } from './idle-watchers.ts';
import { type Call, type Load, type LoadResult, offerLoad } from './offered-load.ts';

const seconds = Number(process.argv[3] ?? 20);
const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
const sandbox = new Sandbox({ name: 'bench-api', print: (line) => console.log(line) });

const PIPELINES = '/api/flow-stream-data-pipeline/v1/pipelines';
const COUNT = 100;
const LONG_POLLS = 1000;
/** A watcher is answered after 30 s at the latest: the rate beside them is measured within that. */
const SECONDS_BESIDE_POLLS = 15;

const bodyOf = (index: number, comment = '') =>
  JSON.stringify({
    id: idOf(index),
    name: `Access log ${index}`,
    comment,
    index_base: 'bench',
    tags: ['web', 'bench'],
  });
const idOf = (index: number) => `bench-${index % COUNT}`;

const list10: Call = { method: 'GET', path: `${PIPELINES}?limit=10` };
const list100: Call = { method: 'GET', path: `${PIPELINES}?limit=100` };
const get = (index: number): Call => ({ method: 'GET', path: `${PIPELINES}/${idOf(index)}` });

/** Each changes what the workers are not told, and every tenth what they are. */
function update(index: number): Call {
  const { id: _immutable, ...fields } = JSON.parse(bodyOf(index, `change ${index}`)) as Record<string, unknown>;
  const isForWorkers = index % 10 === 0;
  const body = { ...fields, ...(isForWorkers && { settings: { flush_items: 1000 + (index % 1000) } }) };
  return { method: 'PUT', path: `${PIPELINES}/${idOf(index)}`, body: JSON.stringify(body) };
}

async function makePipelines(origin: string): Promise<void> {
  for (let index = 0; index < COUNT; index++) {
    const response = await fetch(origin + PIPELINES, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: bodyOf(index),
    });
    if (response.status !== 201) {
      throw new Error(`pipeline ${index}: ${response.status} ${await response.text()}`);
    }
  }
}

type Row = LoadResult & { 'service cores': number };

async function measure(mgmt: MeasuredProcess, load: Load): Promise<Row> {
  const before = mgmt.cpuSeconds();
  const startedAt = performance.now();
  const result = await offerLoad(load);
  const elapsedSec = (performance.now() - startedAt) / 1000;
  return { ...result, 'service cores': Math.round(((mgmt.cpuSeconds() - before) / elapsedSec) * 10) / 10 };
}

async function measureRates(mgmt: MeasuredProcess, origin: string): Promise<void> {
  const loads: Record<string, Omit<Load, 'origin' | 'seconds'>> = {
    'list (limit 10)': { perSec: 500, call: () => list10 },
    get: { perSec: 500, call: get },
    'list (limit 100)': { perSec: 100, call: () => list100 },
    update: { perSec: 100, call: update },
  };
  // What is compiled late would be counted as slow.
  for (const load of Object.values(loads)) {
    await offerLoad({ origin, seconds: 3, ...load });
  }
  // Nor would what they left to be written to disk.
  await delay(5000);
  const rows: Record<string, Row> = {};
  for (const [name, load] of Object.entries(loads)) {
    rows[name] = await measure(mgmt, { origin, seconds, ...load });
  }
  console.table(rows);
}

async function measureLongPolls(mgmt: MeasuredProcess, origin: string): Promise<void> {
  const beside = { origin, perSec: 100, seconds: SECONDS_BESIDE_POLLS, call: get };
  const without = await measure(mgmt, beside);
  const beforeMiB = mgmt.memoryMiB();
  const watchers = new IdleWatchers();
  await watchers.open((index) => `${origin}${PIPELINES}/${idOf(index)}?is_listen=true`, LONG_POLLS);
  await delay(2000);
  const openMiB = mgmt.memoryMiB();
  const besidePolls = await measure(mgmt, beside);
  console.log(
    `${LONG_POLLS} long polls: ${openMiB - beforeMiB} MiB (${beforeMiB} before, ${openMiB} open), ${watchers.answered} answered too soon`,
  );
  watchers.close();
  console.table({ 'get, no long polls': without, 'get beside long polls': besidePolls });
}

await sandbox.up();
try {
  const { http = 0, internal = 0 } = await choosePorts(['http', 'internal'], {}, []);
  const origin = `http://127.0.0.1:${http}`;
  const mgmt = new MeasuredProcess(
    [main, '--role', 'mgmt'],
    {
      ...sandbox.env(),
      ...{ SDP_KAFKA_NAMES_TENANT: `b${Date.now().toString(36)}`, SDP_LOG_LOGLEVEL: 'warn' },
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
    await makePipelines(origin);
    await measureRates(mgmt, origin);
    await measureLongPolls(mgmt, origin);
  } finally {
    await mgmt.stop();
  }
} finally {
  await sandbox.remove();
}
