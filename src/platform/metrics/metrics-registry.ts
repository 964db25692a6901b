import { setTimeout as delay } from 'node:timers/promises';
import type * as Client from 'prom-client';
import { collectProcessCpu } from './process-cpu.js';
import { collectProcessState, Counter, Gauge, Histogram, Registry } from './prometheus-client.js';

interface MetricOptions<Label extends string> {
  name: string;
  help: string;
  labels?: readonly Label[];
}

/** Above what any question to a dependency takes, and far below the patience of a scraper. */
const REFRESH_DEADLINE_MS = 3000;

/** All metrics of one process. One instance, passed in: no global registry, so that tests do not meet in it. */
export class MetricsRegistry {
  private readonly registry = new Registry();
  private readonly refreshers: (() => Promise<void>)[] = [];

  get contentType(): string {
    return this.registry.contentType;
  }

  /** CPU, memory, event loop, garbage collection and handles of the process, under the names that dashboards know. */
  collectProcessMetrics(): void {
    collectProcessCpu(this.registry);
    collectProcessState(this.registry);
  }

  /** @throws when the name is taken, as the other two. */
  counter<Label extends string>(options: MetricOptions<Label>): Client.Counter<Label> {
    return new Counter({ ...this.common(options) });
  }

  gauge<Label extends string>(
    options: MetricOptions<Label> & { collect?: (gauge: Client.Gauge<Label>) => void },
  ): Client.Gauge<Label> {
    const { collect } = options;
    return new Gauge<Label>({
      ...this.common(options),
      collect: collect
        ? function (this: Client.Gauge<Label>) {
            collect(this);
          }
        : undefined,
    });
  }

  /** Buckets are upper bounds, ascending. */
  histogram<Label extends string>(options: MetricOptions<Label> & { buckets: number[] }): Client.Histogram<Label> {
    return new Histogram({ ...this.common(options), buckets: options.buckets });
  }

  /** `refresh` is waited for before each scrape, but not for ever; when it fails or is late, its metrics stay as they are. */
  beforeScrape(refresh: () => Promise<void>): void {
    this.refreshers.push(refresh);
  }

  /** The exposition text after everything was refreshed. Never fails because something outside is away. */
  async scrape(): Promise<string> {
    const refreshed = Promise.allSettled(this.refreshers.map((refresh) => refresh()));
    await Promise.race([refreshed, delay(REFRESH_DEADLINE_MS, undefined, { ref: false })]);
    return this.text();
  }

  /** The exposition text of now. All values are of one moment: nothing is waited for while they are gathered. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private common<Label extends string>({ name, help, labels }: MetricOptions<Label>) {
    return { name, help, labelNames: [...(labels ?? [])], registers: [this.registry] };
  }
}
