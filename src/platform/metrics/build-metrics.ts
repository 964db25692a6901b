import type { MetricsRegistry } from './metrics-registry.js';

/** Which build runs here, as labels of a series that is always 1: to be joined with the others. */
export function buildMetrics(
  registry: MetricsRegistry,
  { version, commit }: { version: string; commit: string },
  role: string,
): void {
  registry
    .gauge({
      name: 'sdp_build_info',
      help: 'Always 1; version, commit and role of the process are its labels.',
      labels: ['version', 'commit', 'role'],
    })
    .set({ version, commit, role }, 1);
}
