import { waitUntil } from './wait-until.js';

export interface HealthBody {
  status: string;
  details: Record<string, { status: string; latency_ms: number; message?: string }>;
  [field: string]: unknown;
}

/** A process's health as a platform and an operator see it. */
export class HealthProbe {
  constructor(private readonly url: string) {}

  async report(): Promise<HealthBody> {
    return (await this.get('/health')).body as HealthBody;
  }

  async isReady(): Promise<boolean> {
    return (await this.get('/health/ready')).status === 200;
  }

  /** What `/health/ready` misses; empty when it is ready. */
  async failing(): Promise<string[]> {
    return ((await this.get('/health/ready')).body as { failing: string[] }).failing;
  }

  /** Status of `/health/live`; one that takes long is none. */
  async liveStatus(): Promise<number> {
    return (await this.get('/health/live')).status;
  }

  /** Waits until exactly these are down, and answers their messages. */
  async downIs(names: readonly string[]): Promise<Record<string, string>> {
    const report = await waitUntil(
      `exactly ${names.join(', ') || 'nothing'} is down at ${this.url}`,
      async () => {
        const seen = await this.report();
        return String(downIn(seen)) === String(names) && seen;
      },
      { seen: () => this.report() },
    );
    return Object.fromEntries(names.map((name) => [name, report.details[name]?.message ?? '']));
  }

  async ready(): Promise<void> {
    await waitUntil(`${this.url} is ready`, () => this.isReady(), { seen: () => this.report() });
  }

  private async get(path: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(this.url + path, { signal: AbortSignal.timeout(10_000) });
    return { status: response.status, body: await response.json() };
  }
}

function downIn({ details }: HealthBody): string[] {
  return Object.keys(details).filter((name) => details[name]?.status !== 'up');
}
