import type { RequestHandler } from 'express';
import { findRoutePattern } from '../http/route-pattern.js';
import type { MetricsRegistry } from './metrics-registry.js';

const BUCKETS_SEC = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Measures every request. The route is the pattern, never the path: a path holds ids, and each would be a series for
 * ever. What no route has taken is `unmatched`; status 499 is a caller that left before the answer.
 */
export function httpMetrics(registry: MetricsRegistry): RequestHandler {
  const duration = registry.histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests by route pattern.',
    labels: ['method', 'route', 'status'],
    buckets: BUCKETS_SEC,
  });
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : 499;
      const route = findRoutePattern(request) ?? 'unmatched';
      duration.observe({ method: request.method, route, status }, (performance.now() - startedAt) / 1000);
    });
    next();
  };
}
