import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drain, type DrainResult } from './drain.ts';
import { seeded } from './generate-records.ts';
import { loadTopic } from './load-topic.ts';
import { type Bench, STUB, stubCounter } from './program.ts';

const SAMPLED_SHARE = 0.01;
/** Off and on by turns, mirrored, so that a machine that becomes slower or faster favours neither. */
const ROUNDS = ['off', 'on', 'on', 'off', 'off', 'on'] as const;

/** Drains one topic with tracing off and on into the stub: every record brings a trace, of which one in a hundred is recorded. */
export async function compareTracing(bench: Bench, records: number): Promise<DrainResult[]> {
  const input = `${bench.name}-traced`;
  const random = seeded(7);
  await loadTopic(bench.broker, input, [], records, () => ({ traceparent: traceParent(random) }));
  const received = { bytes: 0 };
  const collector = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => (received.bytes += chunk.length));
    request.on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
  const results: DrainResult[] = [];
  try {
    for (const [round, state] of ROUNDS.entries()) {
      const settings = { SDP_TRACING_ENABLED: String(state === 'on'), SDP_TRACING_ENDPOINT: endpoint };
      const count = await stubCounter();
      const worker = await bench.startPipeline(`${bench.name}-${round}`, input, STUB, settings);
      results.push(await drain(`tracing ${state}`, worker, records, count));
      await worker.stop();
    }
  } finally {
    collector.close();
  }
  const mean = (state: string) => {
    const rates = results.filter(({ name }) => name.endsWith(state)).map(({ docsPerSec }) => docsPerSec);
    return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  };
  console.log(`on / off: ${(mean('on') / mean('off')).toFixed(3)}; the collector got ${received.bytes} bytes`);
  return results;
}

function traceParent(random: () => number): string {
  const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  return `00-${hex(32)}-${hex(16)}-${random() < SAMPLED_SHARE ? '01' : '00'}`;
}
