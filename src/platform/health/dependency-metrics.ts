import type { MetricsRegistry } from '../metrics/metrics-registry.js';
import type { HealthService } from './health.service.js';

/** Shows each dependency as `/health` sees it, by the same shared checks: a scrape asks no more than a probe does. */
export function dependencyMetrics(registry: MetricsRegistry, health: Pick<HealthService, 'report'>): void {
  const up = registry.gauge({
    name: 'sdp_dependency_up',
    help: '1 for a dependency whose health check passes, 0 for one whose check fails or does not end in time.',
    labels: ['dependency'],
  });
  registry.beforeScrape(async () => {
    const { details } = await health.report();
    up.reset();
    Object.entries(details).forEach(([dependency, { status }]) => up.set({ dependency }, status === 'down' ? 0 : 1));
  });
}
