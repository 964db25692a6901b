import type * as Client from 'prom-client';
import { collectProcessCpu } from './process-cpu.js';
import { collectProcessState, Counter, Gauge, Histogram, Registry } from './prometheus-client.js';

interface MetricOptions<Label extends string> {
  name: string;
  help: string;
  labels?: readonly Label[];
}

/** All metrics of one process. One instance, passed in: no global registry, so that tests do not meet in it. */
export class MetricsRegistry {
  private readonly registry = new Registry();

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

  /** The exposition text of now. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private common<Label extends string>({ name, help, labels }: MetricOptions<Label>) {
    return { name, help, labelNames: [...(labels ?? [])], registers: [this.registry] };
  }
}
