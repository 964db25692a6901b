// Run: npm run build && npm run bench -- [tracing | delivery] [records, default 300000]
// Without a word: the program and the baseline, one after another on the same machine, into a stub and into OpenSearch.
// tracing: the program with tracing off and on, into the stub.
// delivery: the program with transactions and at least once, into the stub.
import { compareWithBaseline } from './baseline.ts';
import { compareDeliveries } from './delivery.ts';
import { Bench } from './program.ts';
import { compareTracing } from './tracing.ts';

const comparisons = { tracing: compareTracing, delivery: compareDeliveries };
const word = process.argv[2] ?? '';
const named = Object.hasOwn(comparisons, word) ? comparisons[word as keyof typeof comparisons] : undefined;
const records = Number(process.argv[named ? 3 : 2] ?? 300_000);
const bench = new Bench();

await bench.run(async () => {
  const results = await (named ?? compareWithBaseline)(bench, records);
  console.log(`${records} records of about 0.8 kB, 4 partitions`);
  console.table(results);
});
