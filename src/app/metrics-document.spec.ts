import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { taskDelta } from '../../test/factories/task-metrics.js';
import { AppConfig } from '../config/app-config.js';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import { PipelineMetrics } from '../platform/metrics/pipeline-metrics.js';
import { assemble } from './assemble.js';
import type { Runtime } from './role.js';

interface Documented {
  name: string;
  type: string;
  labels: string[];
  roles: string;
  meaning: string;
}

const document = readFileSync(join(import.meta.dirname, '../../docs/metrics.md'), 'utf8');
const documented: Documented[] = [...document.matchAll(/^\| `(\w+)` +\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)].map(
  ([, name = '', type = '', labels = '', roles = '', meaning = '']) => ({
    name,
    type: type.trim(),
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
    roles: roles.trim(),
    meaning: meaning.trim(),
  }),
);
const inRole = (role: string) => documented.filter(({ roles }) => roles === 'both' || roles === role);

/** Name, type and meaning of everything in an exposition text. */
function shownIn(text: string) {
  return [...text.matchAll(/^# HELP (\w+) (.*)\n# TYPE \w+ (\w+)$/gm)].map(([, name = '', help = '', type = '']) => ({
    name,
    help,
    type,
  }));
}

/** What the real program of this role has to show, before anything is connected. */
async function assembled(role: 'mgmt' | 'worker') {
  const { app, metrics, halves } = await assemble({ config: new AppConfig(), role }, pino({ level: 'silent' }));
  const text = await metrics.text();
  await Promise.all(halves.map(({ runtime }) => app.get<Runtime>(runtime).stop(0)));
  await app.close();
  return { text, shown: shownIn(text) };
}

describe.each(['mgmt', 'worker'] as const)('docs/metrics.md for the role %s', (role) => {
  let text: string;
  let shown: Awaited<ReturnType<typeof assembled>>['shown'];

  beforeAll(async () => {
    ({ text, shown } = await assembled(role));
  });

  it('lists exactly the metrics that the program shows, with their types', () => {
    const plain = (metrics: { name: string; type: string }[]) =>
      metrics.map(({ name, type }) => `${name} ${type}`).toSorted();

    expect(plain(inRole(role))).toEqual(plain(shown));
    expect(shown.length).toBeGreaterThan(30);
  });

  it('means what the program says of its own ones', () => {
    const own = shown.filter(({ name }) => /^(sdp|http)_/.test(name));

    expect(inRole(role).filter(({ name }) => /^(sdp|http)_/.test(name))).toEqual(
      expect.arrayContaining(own.map(({ name, help }): unknown => expect.objectContaining({ name, meaning: help }))),
    );
  });

  it('knows which build it is', () => {
    expect(text).toMatch(new RegExp(`^sdp_build_info\\{version="\\d[^"]*",commit="[^"]+",role="${role}"\\} 1$`, 'm'));
  });
});

it('docs/metrics.md gives the labels of every series of a task', async () => {
  const registry = new MetricsRegistry();
  const metrics = new PipelineMetrics(registry);
  metrics.apply(
    taskDelta({
      observed: { bulkSeconds: [1], bulkRecords: [1], bulkBytes: [1], transactionSeconds: [1], recordAgeSeconds: [1] },
      recordsRejected: [{ stage: 'json', code: 'TOMBSTONE', count: 1 }],
      lag: [{ partition: 0, records: 1, seconds: 1 }],
    }),
  );
  metrics.setTaskState({ pipelineId: 'orders', index: 1 }, 'running');
  const text = await registry.text();
  const shown = shownIn(text).map(({ name }) => {
    const [, series = ''] = new RegExp(`^${name}(?:_sum)?\\{(.*)\\}`, 'm').exec(text) ?? [];
    return { name, labels: [...series.matchAll(/(\w+)="/g)].map(([, label]) => label) };
  });

  expect(shown.length).toBeGreaterThan(20);
  expect(documented.map(({ name, labels }) => ({ name, labels }))).toEqual(expect.arrayContaining(shown));
});
