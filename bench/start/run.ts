// From the spawn of a process to its first 200 of /health/live and of /health/ready, with the services up; then the same
// with every core busy. Run: npm run build && npm run bench -- start [rounds, default 5]
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { choosePorts } from '../../sandbox/ports.ts';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { timeStart, type StartTimes } from './time-start.ts';

const rounds = Number(process.argv[3] ?? 5);
const roles = ['mgmt', 'worker', 'all'] as const;
const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
const sandbox = new Sandbox({ name: 'bench-start', print: (line) => console.log(line) });

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** One after another; mgmt first, whose topics the worker waits for. */
async function measure(environment: Record<string, string>) {
  const rows: Record<string, object> = {};
  for (const role of roles) {
    const times: StartTimes[] = [];
    for (let round = 0; round < rounds; round++) {
      const { http = 0, internal = 0 } = await choosePorts(['http', 'internal'], {}, []);
      const ports = { SDP_SERVER_HTTPPORT: String(http), SDP_SERVER_INTERNALHTTPPORT: String(internal) };
      const logFile = join(sandbox.folder, `start-${role}.log`);
      times.push(await timeStart([main, '--role', role], { ...environment, ...ports }, { httpPort: http, logFile }));
    }
    rows[role] = {
      'live ms (median)': median(times.map(({ liveMs }) => liveMs)),
      'live ms (most)': Math.max(...times.map(({ liveMs }) => liveMs)),
      'ready ms (median)': median(times.map(({ readyMs }) => readyMs)),
    };
  }
  return rows;
}

/** Keeps every core at work with something that is not this program. */
function busy(): Worker[] {
  return Array.from({ length: availableParallelism() }, () => new Worker('for (;;);', { eval: true }));
}

await sandbox.up();
try {
  const environment = { ...sandbox.env(), SDP_KAFKA_NAMES_TENANT: `b${Date.now().toString(36)}` };
  console.log(`${rounds} rounds`);
  console.table(await measure(environment));
  const load = busy();
  console.log(`${rounds} rounds, each of ${load.length} cores busy`);
  console.table(await measure(environment));
  await Promise.all(load.map((worker) => worker.terminate()));
} finally {
  await sandbox.remove();
}
