import { join } from 'node:path';
import { drain, type DrainResult } from './drain.ts';
import { loadTopic } from './load-topic.ts';
import { answer, type Bench, STUB, stubCounter } from './program.ts';

/** Drains the same topic with this program and with the baseline, into the stub and into OpenSearch. */
export async function compareWithBaseline(bench: Bench, records: number): Promise<DrainResult[]> {
  const { broker, search, name } = bench;
  const input = `${name}-input`;
  await loadTopic(broker, input, [`${name}-naive-stub`, `${name}-naive-search`], records);
  const results: DrainResult[] = [];
  for (const target of ['stub', 'search'] as const) {
    const node = target === 'stub' ? STUB : search;
    const counterOf = async (index: string) =>
      target === 'stub' ? await stubCounter() : async () => countOf(search, index);
    const base = `${name}-${target}`;
    const count = await counterOf(`mdl-${base}`);
    const worker = await bench.startPipeline(base, input, node);
    results.push(await drain(`this program → ${target}`, worker, records, count));
    await worker.stop();
    const naiveIndex = `${name}-naive-${target}`;
    const naiveCount = await counterOf(naiveIndex);
    const script = join(import.meta.dirname, 'naive-pipeline.ts');
    const naive = bench.start('naive', [script, broker, input, naiveIndex, naiveIndex, node], {});
    results.push(await drain(`baseline → ${target}`, naive, records, naiveCount));
    await naive.stop();
  }
  return results;
}

async function countOf(search: string, index: string): Promise<number> {
  await answer(`${search}/${index}/_refresh`, { method: 'POST' });
  const response = await answer(`${search}/${index}/_count`);
  return response?.ok ? ((await response.json()) as { count: number }).count : 0;
}
