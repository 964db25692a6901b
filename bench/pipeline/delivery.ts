import { drain, type DrainResult } from './drain.ts';
import { loadTopic } from './load-topic.ts';
import { type Bench, STUB, stubCounter } from './program.ts';

type Delivery = 'exactly_once' | 'at_least_once';

/** By turns, mirrored, so that a machine that becomes slower or faster favours neither. */
const ROUNDS: readonly Delivery[] = [
  ...(['exactly_once', 'at_least_once', 'at_least_once', 'exactly_once', 'exactly_once', 'at_least_once'] as const),
];

/** Drains one topic with transactions and without them, into the stub. */
export async function compareDeliveries(bench: Bench, records: number): Promise<DrainResult[]> {
  const input = `${bench.name}-delivered`;
  await loadTopic(bench.broker, input, [], records);
  const results: DrainResult[] = [];
  for (const [round, delivery] of ROUNDS.entries()) {
    const count = await stubCounter();
    const settings = { SDP_KAFKA_DELIVERY: delivery };
    const worker = await bench.startPipeline(`${bench.name}-${round}`, input, STUB, settings);
    results.push(await drain(delivery, worker, records, count));
    await worker.stop();
  }
  const mean = (delivery: Delivery, figure: 'docsPerSec' | 'cpuSecPerMillion') => {
    const figures = results.filter(({ name }) => name === delivery).map((result) => result[figure]);
    return figures.reduce((sum, each) => sum + each, 0) / figures.length;
  };
  const ratio = (figure: 'docsPerSec' | 'cpuSecPerMillion') =>
    (mean('at_least_once', figure) / mean('exactly_once', figure)).toFixed(3);
  console.log(`at_least_once / exactly_once: docs/s ${ratio('docsPerSec')}, CPU ${ratio('cpuSecPerMillion')}`);
  return results;
}
