import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../monitoring');

interface Panel {
  title: string;
  targets?: { expr: string; legendFormat: string }[];
}

export interface PanelQuery {
  /** Panel and legend. */
  name: string;
  expression: string;
}

/** The rule file with minutes as seconds and hours as minutes, so that a test need not wait; thresholds stay. */
export function quickRules(): string {
  return readFileSync(join(folder, 'alerts.yaml'), 'utf8')
    .replaceAll(/\b(\d+)m\b/g, '$1s')
    .replaceAll(/\b(\d+)h\b/g, '$1m');
}

export function alertNames(): string[] {
  return [...quickRules().matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
}

/** What the panels ask, for all pipelines and over the last 15 seconds. */
export function panelQueries(): PanelQuery[] {
  const { panels } = JSON.parse(readFileSync(join(folder, 'dashboard.json'), 'utf8')) as { panels: Panel[] };
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({
      name: `${title}: ${legendFormat}`,
      expression: expr
        .replaceAll('$namespace', '.*')
        .replaceAll('$pipeline', '.+')
        .replaceAll('$__rate_interval', '15s'),
    })),
  );
}

/** The metrics that expressions in the text name; label values and words of PromQL do not look like them. */
export function metricsIn(text: string): string[] {
  return [...new Set(text.match(/\b(?:up|(?:sdp|http|process|nodejs)_\w+)\b/g))];
}
