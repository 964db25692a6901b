import { SpanStatusCode } from '@opentelemetry/api';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';

const SQL_SCOPE = '@opentelemetry/instrumentation-mysql2';

/** Takes the messages out of failed statements' spans before they end: MariaDB quotes values in them. */
export class StatementPrivacy implements SpanProcessor {
  onEnding(span: Span): void {
    const { instrumentationScope, status } = span;
    if (instrumentationScope.name === SQL_SCOPE && status.code === SpanStatusCode.ERROR) {
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
  }

  onStart(): void {
    // Nothing is known yet.
  }

  onEnd(): void {
    // Too late for a change.
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
