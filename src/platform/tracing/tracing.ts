import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { FinishedSpan, SpanSink } from './finished-span.js';
import { toReadableSpan } from './readable-span.js';

export interface TracingParts {
  provider: TracerProvider;
  /** Sends what it is given; it is one of the provider's. */
  processor: SpanProcessor;
  resource: Resource;
  scope: InstrumentationScope;
}

/** The tracing of one process: what libraries do here, and what the tasks' threads tell. */
export class Tracing implements SpanSink {
  constructor(private readonly parts: TracingParts) {}

  take(spans: readonly FinishedSpan[]): void {
    const { processor, resource, scope } = this.parts;
    for (const span of spans) {
      processor.onEnd(toReadableSpan(span, resource, scope));
    }
  }

  /** Exports what is left. Takes as long as the collector does. */
  async stop(): Promise<void> {
    await this.parts.provider.shutdown();
  }
}
