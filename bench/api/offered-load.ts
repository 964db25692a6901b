import { Agent, request } from 'node:http';

export interface Call {
  method: 'GET' | 'PUT' | 'POST';
  path: string;
  body?: string;
}

export interface LoadResult {
  'offered/s': number;
  'answered/s': number;
  'p50 ms': number;
  'p99 ms': number;
  'most ms': number;
  failed: number;
  /** Cores that the load generator itself used: near 1 it measures itself. */
  'generator cores': number;
}

export interface Load {
  origin: string;
  perSec: number;
  seconds: number;
  /** What the n-th request asks. */
  call: (index: number) => Call;
}

const TICK_MS = 2;
const MAX_SOCKETS = 64;

/**
 * Sends at the given rate whatever the answers do, so that a slow service is not asked less. A time counts from when a
 * request was due, also when it had to wait for its turn to be sent.
 */
export async function offerLoad({ origin, perSec, seconds, call }: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const timesMs: number[] = [];
  const open: Promise<void>[] = [];
  let failed = 0;
  const total = perSec * seconds;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSec) + 1);
      while (open.length < due) {
        const index = open.length;
        const dueAt = startedAt + (index / perSec) * 1000;
        open.push(
          send(agent, origin, call(index)).then((isOk) => {
            timesMs.push(performance.now() - dueAt);
            failed += isOk ? 0 : 1;
          }),
        );
      }
      if (open.length === total) {
        clearInterval(timer);
        done();
      }
    }, TICK_MS);
  });
  await Promise.all(open);
  const elapsedSec = (performance.now() - startedAt) / 1000;
  agent.destroy();
  const { user, system } = process.cpuUsage(cpuBefore);
  timesMs.sort((a, b) => a - b);
  return {
    'offered/s': perSec,
    'answered/s': Math.round(total / elapsedSec),
    'p50 ms': quantile(timesMs, 0.5),
    'p99 ms': quantile(timesMs, 0.99),
    'most ms': quantile(timesMs, 1),
    failed,
    'generator cores': round((user + system) / 1e6 / elapsedSec),
  };
}

/** True when it was answered with 2xx, to the last byte. */
async function send(agent: Agent, origin: string, { method, path, body }: Call): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = request(origin + path, { agent, method, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(Math.floor((response.statusCode ?? 0) / 100) === 2));
      response.once('error', () => resolve(false));
    });
    sent.once('error', () => resolve(false));
    sent.end(body);
  });
}

function quantile(sorted: readonly number[], part: number): number {
  return round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? NaN);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
