import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { pino } from 'pino';
import { RepeatingFault } from '../logging/repeating-fault.js';
import { WatchedExporter } from './watched-exporter.js';

const failed = (error: Error & { code?: string }): ExportResult => ({ code: ExportResultCode.FAILED, error });

/** An exporter that answers these, one after another, and what is in the log then. */
function exporting(...answers: ExportResult[]) {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ base: null }, { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });
  const inner: SpanExporter = {
    export: (_spans, done) => done(answers.shift() ?? { code: ExportResultCode.SUCCESS }),
    shutdown: () => Promise.resolve(),
  };
  const exporter = new WatchedExporter(inner, 'http://collector', new RepeatingFault(logger));
  const told: ExportResult[] = [];
  const send = () => exporter.export([{} as ReadableSpan], (result) => told.push(result));
  return { exporter, send, told, messages: () => lines.map(({ msg, cause }) => [msg, cause].filter(Boolean)) };
}

describe('an exporter that fails', () => {
  it('is told once a minute with its cause, and once when it works again', () => {
    const { exporter, send, messages } = exporting(failed(new Error('refused')), failed(new Error('refused')));
    send();
    send();
    expect(exporter.isFailing).toBe(true);
    send();
    send();
    expect(exporter.isFailing).toBe(false);
    expect(messages()).toEqual([
      ['Traces cannot be exported and are dropped (tracing.endpoint)', 'refused'],
      ['Traces are exported again'],
    ]);
  });

  it('is told by its code when it has no message', () => {
    const { send, messages } = exporting(failed(Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' })));
    send();
    expect(messages()[0]?.[1]).toBe('code ECONNREFUSED');
  });

  it('does not trouble the processor, which would tell it again', () => {
    const { send, told } = exporting(failed(new Error('refused')));
    send();
    expect(told).toEqual([{ code: ExportResultCode.SUCCESS }]);
  });
});
