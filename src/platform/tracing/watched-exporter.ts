import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { RepeatingFault } from '../logging/repeating-fault.js';

const FAULT = 'export';

/** An exporter whose faults are one log line a minute, and another one when it works again. */
export class WatchedExporter implements SpanExporter {
  /** True from a failed export to the next one that succeeds. */
  isFailing = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly endpoint: string,
    private readonly faults: RepeatingFault,
  ) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans, (result) => {
      this.tell(result, spans.length);
      // What failed is told and given up: the processor would tell it again.
      done({ code: ExportResultCode.SUCCESS });
    });
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private tell({ code, error }: ExportResult, spans: number): void {
    const { endpoint } = this;
    this.isFailing = code !== ExportResultCode.SUCCESS;
    if (this.isFailing) {
      const fields = { endpoint, spans, cause: causeOf(error) };
      this.faults.report(FAULT, fields, 'Traces cannot be exported and are dropped (tracing.endpoint)');
    } else {
      this.faults.end(FAULT, { endpoint }, 'Traces are exported again');
    }
  }
}

/** A connection that was tried at several addresses fails without a message of its own. */
function causeOf(error: (Error & { code?: string | number }) | undefined): string {
  return error?.message || `code ${error?.code ?? 'unknown'}`;
}
