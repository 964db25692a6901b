import type { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';

const BUCKETS_SEC = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface AnsweredRequest {
  method: string;
  route: string;
  status: number;
  durationMs: number;
}

/** Requests by route, answer and duration. One instance a registry. */
export class HttpMetrics {
  private readonly observeAnswer: (request: AnsweredRequest) => void;

  constructor(registry: MetricsRegistry) {
    const duration = registry.histogram({
      name: 'sdp_http_request_duration_seconds',
      help: 'Time to answer a request of the HTTP API, by route and status.',
      labels: ['method', 'route', 'status'],
      buckets: BUCKETS_SEC,
    });
    this.observeAnswer = ({ method, route, status, durationMs }) =>
      duration.observe({ method, route: route || 'unmatched', status: String(status) }, durationMs / 1000);
  }

  observe(request: AnsweredRequest): void {
    this.observeAnswer(request);
  }
}
