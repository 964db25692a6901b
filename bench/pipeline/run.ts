// Run: npm run build && npm run bench -- [tracing] [records, default 300000]
// Without a word: the program and the baseline, one after another on the same machine, into a stub and into OpenSearch.
// tracing: the program with tracing off and on, into the stub.
import { compareWithBaseline } from './baseline.ts';
import { Bench } from './program.ts';
import { compareTracing } from './tracing.ts';

const isTracing = process.argv[2] === 'tracing';
const records = Number(process.argv[isTracing ? 3 : 2] ?? 300_000);
const bench = new Bench();

await bench.run(async () => {
  const results = await (isTracing ? compareTracing(bench, records) : compareWithBaseline(bench, records));
  console.log(`${records} records of about 0.8 kB, 4 partitions`);
  console.table(results);
});
