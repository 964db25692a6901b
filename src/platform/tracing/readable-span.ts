import { createTraceState, SpanKind, SpanStatusCode, TraceFlags, type SpanContext } from '@opentelemetry/api';
import { hrTimeDuration, type InstrumentationScope, millisToHrTime } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { FinishedSpan, SpanReference } from './finished-span.js';

const KINDS = { client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER };

/** A span of a task thread as the exporter wants it. */
export function toReadableSpan(span: FinishedSpan, resource: Resource, scope: InstrumentationScope): ReadableSpan {
  const startTime = millisToHrTime(span.startMs);
  const endTime = millisToHrTime(span.endMs);
  const context = contextOf(span, span.traceState);
  const { traceId, parentSpanId } = span;
  return {
    name: span.name,
    kind: KINDS[span.kind],
    spanContext: () => context,
    // A parent of such a span is always in another process.
    ...(parentSpanId !== undefined && {
      parentSpanContext: { ...contextOf({ traceId, spanId: parentSpanId }), isRemote: true },
    }),
    startTime,
    endTime,
    duration: hrTimeDuration(startTime, endTime),
    ended: true,
    status: { code: span.hasFailed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes: { ...span.attributes },
    links: span.links.map((link) => ({ context: contextOf(link) })),
    events: [],
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: span.droppedLinks,
  };
}

function contextOf({ traceId, spanId }: SpanReference, traceState = ''): SpanContext {
  return {
    traceId,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
    ...(traceState !== '' && { traceState: createTraceState(traceState) }),
  };
}
