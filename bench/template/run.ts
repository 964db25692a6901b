// Documents a second that OpenSearch takes, under the template of an index base and under plain dynamic mapping, by turns
// in one run. Run: npm run build && npm run bench -- template [documents a round, default 100000]
import { join } from 'node:path';
import type { indexBaseTemplate } from '../../src/platform/index-base/index-base-template.js';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { bulkBodies, loadIndex, type RoundResult } from './load-index.ts';

/** Mirrored, so that a machine that becomes slower or faster favours neither. */
const ROUNDS = ['plain', 'template', 'template', 'plain', 'plain', 'template'] as const;

const documents = Number(process.argv[3] ?? 100_000);
const built = join(import.meta.dirname, '../../dist/platform/index-base/index-base-template.js');
const { indexBaseTemplate: template } = (await import(built)) as { indexBaseTemplate: typeof indexBaseTemplate };
const base = { baseType: 'bench', name: 'Bench', dataType: 'otel', category: 'log' };
const ours = (template(base) as { template: { settings: { index: object }; mappings: object } }).template;
// One shard and no copy for both: the comparison is of the mappings.
const settings = { number_of_shards: 1, number_of_replicas: 0 };
const definitions = {
  plain: { settings: { index: settings } },
  template: { settings: { index: { ...ours.settings.index, ...settings } }, mappings: ours.mappings },
};

const sandbox = new Sandbox({ name: 'bench-template', print: (line) => console.log(line) });
await sandbox.up(['opensearch']);
try {
  const node = sandbox.env()['OPENSEARCH_URL'] ?? '';
  const bodies = bulkBodies(documents);
  const results: RoundResult[] = [];
  await loadIndex(node, 'warm-up', definitions.plain, bodies);
  for (const [round, name] of ROUNDS.entries()) {
    results.push({ name, ...(await loadIndex(node, `bench-${round}`, definitions[name], bodies)) });
  }
  const mean = (name: string) => {
    const rates = results.filter((result) => result.name === name).map(({ docsPerSec }) => docsPerSec);
    return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  };
  console.log(`${documents} documents of about 1 kB a round`);
  console.table(results);
  console.log(`template / plain: ${(mean('template') / mean('plain')).toFixed(3)}`);
} finally {
  await sandbox.remove();
}
