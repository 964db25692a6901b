/** What `/health` answers. */
export interface HealthReport {
  /** ok; degraded: works, but something that is not required is down; error: something required is down. */
  status: 'ok' | 'degraded' | 'error';
  name: string;
  version: string;
  commit: string;
  language: 'typescript';
  language_version: string;
  os: string;
  architecture: string;
  details: Record<string, HealthDetail>;
}

export interface HealthDetail {
  status: 'up' | 'degraded' | 'down';
  latency_ms: number;
  /** Why it is not up; absent when it is. */
  message?: string;
}

/** What `/health/ready` answers. */
export interface ReadyReport {
  status: 'ready' | 'not_ready';
  /** Names of what is missing; `shutting_down` when the process stops. */
  failing: string[];
}
