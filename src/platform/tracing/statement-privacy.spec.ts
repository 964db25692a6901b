import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { StatementPrivacy } from './statement-privacy.js';

/** A failed span of this instrumentation, as it is exported. */
async function exported(scope: string) {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    spanProcessors: [new StatementPrivacy(), new SimpleSpanProcessor({ exporter })],
  });
  const span = provider.getTracer(scope).startSpan('INSERT');
  span.setStatus({ code: SpanStatusCode.ERROR, message: "Duplicate entry 'orders' for key 'name'" });
  span.end();
  await provider.forceFlush();
  return exporter.getFinishedSpans()[0]?.status;
}

describe('the message of a failed statement', () => {
  it('is left out: MariaDB quotes values in it', async () => {
    expect(await exported('@opentelemetry/instrumentation-mysql2')).toEqual({ code: SpanStatusCode.ERROR });
  });

  it('stays in what other libraries did', async () => {
    expect(await exported('@opentelemetry/instrumentation-kafkajs')).toMatchObject({
      message: expect.stringContaining('orders'),
    });
  });
});
