// What Grafana and Prometheus would only show after they loaded it: that the files in monitoring/ are sound, speak of each
// other and of the documents as they are, and that the chart carries the same ones.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}
interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: Place;
  datasource?: { uid: string };
  fieldConfig?: { defaults: { unit?: string } };
  targets?: { refId: string; expr: string; datasource: { uid: string } }[];
}
interface Dashboard {
  uid: string;
  schemaVersion: number;
  templating: { list: { name: string; type: string }[] };
  panels: Panel[];
}
interface Alert {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<'summary' | 'description' | 'runbook', string>;
}

const dashboard = JSON.parse(read('monitoring/dashboard.json')) as Dashboard;
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const { groups } = parse(read('monitoring/alerts.yaml')) as { groups: { rules: Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);
const titled = <T extends { title: string }>(list: T[]) => list.map((one) => [one.title, one] as const);

/** The anchors that a Markdown viewer gives to the headings of a document. */
function anchorsOf(document: string): string[] {
  return [...read(document).matchAll(/^##+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe('the dashboard', () => {
  it('has an address of its own and asks for data source and pipeline', () => {
    expect(dashboard.uid).toBe('flow-stream-data-pipeline');
    expect(dashboard.templating.list.map(({ name, type }) => [name, type])).toEqual([
      ['datasource', 'datasource'],
      ['namespace', 'query'],
      ['pipeline', 'query'],
    ]);
  });

  it('shows the way of a record in rows', () => {
    expect(dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual([
      'Overview',
      'Records and outcomes',
      'Lag',
      'Bulk',
      'Transactions',
      'Tasks and resources',
      'HTTP and database',
      'Dependencies',
    ]);
  });

  it('gives no two panels the same id or title', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  it('lays no panel over another or over the edge', () => {
    const taken = new Map<string, string>();
    const collisions = dashboard.panels.flatMap(({ title, gridPos: { x, y, w, h } }) =>
      cellsOf({ x, y, w, h }).flatMap((cell) => {
        const other = taken.get(cell);
        taken.set(cell, title);
        return other === undefined && x + w <= 24 ? [] : [`${title} over ${other ?? 'the edge'}`];
      }),
    );

    expect([...new Set(collisions)]).toEqual([]);
  });

  it.each(titled(panels))('asks something in "%s", in a unit, and of the chosen data source', (_, panel) => {
    const targets = panel.targets ?? [];

    expect(panel.fieldConfig?.defaults.unit).toMatch(/^\w+$/);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter(({ expr }) => expr.trim() === '')).toEqual([]);
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    expect(new Set([panel, ...targets].map(({ datasource }) => datasource?.uid))).toEqual(new Set(['${datasource}']));
  });

  it('narrows every metric of a pipeline to the chosen ones', () => {
    const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const unfiltered = expressions.filter((expr) =>
      [...expr.matchAll(/\bsdp_\w+(\{[^}]*\})?/g)].some(
        ([metric, matchers = '']) =>
          !/^sdp_(build_info|dependency|database|pipelines_unpublished)/.test(metric) &&
          !matchers.includes('pipeline=~"$pipeline"'),
      ),
    );

    expect(expressions.join('\n')).toContain('sdp_records_in_total{');
    expect(unfiltered).toEqual([]);
  });

  it('names only alerts that exist', () => {
    const named = panels.flatMap(({ description = '' }) => description.match(/\bSdp\w+/g) ?? []);

    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !alerts.some(({ alert }) => alert === name))).toEqual([]);
  });
});

describe('the alerts', () => {
  it.each(alerts.map((alert) => [alert.alert, alert] as const))('%s says what, of whom, and what to do', (_, alert) => {
    const { summary, description, runbook } = alert.annotations;
    const [document = '', anchor] = runbook.split('#');
    const labels = [...alert.expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/, */));
    const told = [summary, description].join('\n');

    expect(alert.labels['severity']).toMatch(/^(critical|warning)$/);
    expect(summary.length).toBeLessThan(120);
    expect(document).toBe('docs/troubleshooting.md');
    expect(anchorsOf(document)).toContain(anchor);
    expect(labels.filter((label) => label !== 'namespace' && !told.includes(`$labels.${label}`))).toEqual([]);
  });

  it('are all explained, and no others, with their severity', () => {
    const explained = [...read('docs/monitoring.md').matchAll(/^\| `(Sdp\w+)` +\| (\w+)/gm)].map((row) => row.slice(1));

    expect(explained).toEqual(alerts.map(({ alert, labels }) => [alert, labels['severity']]));
  });
});

describe('the chart', () => {
  it.each(['alerts.yaml', 'dashboard.json'])(
    'carries the same %s (after a change: cp monitoring/… helm/…/files/)',
    (name) => {
      expect(read(`helm/flow-stream-data-pipeline/files/${name}`)).toBe(read(`monitoring/${name}`));
    },
  );

  it('scrapes under the job that alerts and dashboard ask for', () => {
    const [, job] =
      /replacement: (\S+)/.exec(read('helm/flow-stream-data-pipeline/templates/servicemonitors.yaml')) ?? [];
    const asked = [...read('monitoring/alerts.yaml').matchAll(/job="([^"]+)"/g)].map(([, name]) => name);

    expect(new Set(asked)).toEqual(new Set([job]));
    expect(read('monitoring/dashboard.json')).toContain(`job=\\"${job}\\"`);
  });
});

function cellsOf({ x, y, w, h }: Place): string[] {
  return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
}
