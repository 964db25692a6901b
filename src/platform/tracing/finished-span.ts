/** Names a span from outside. */
export interface SpanReference {
  traceId: string;
  spanId: string;
}

/**
 * A span that is over, as plain data: task threads make these, without a module of OpenTelemetry, and the process exports
 * them. No attribute holds a secret or a part of a record.
 */
export interface FinishedSpan extends SpanReference {
  name: string;
  kind: 'client' | 'consumer';
  /** In the process that sent the record; absent for the first span of a trace. */
  parentSpanId?: string;
  /** The W3C tracestate that came with the parent; empty is none. */
  traceState: string;
  /** Epoch ms, with fractions. */
  startMs: number;
  endMs: number;
  hasFailed: boolean;
  attributes: Readonly<Record<string, string | number | boolean>>;
  links: readonly SpanReference[];
  /** Links that there was no room for. */
  droppedLinks: number;
}

/** Where finished spans go. Takes whatever comes, at once and without failing; what is too much is dropped. */
export interface SpanSink {
  take(spans: readonly FinishedSpan[]): void;
}
