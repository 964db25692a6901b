import type { FinishedSpan } from '../../src/platform/tracing/finished-span.js';
import { FlowTracer } from '../../src/worker/flow/trace/flow-tracer.js';
import { INPUT_TOPIC } from './commit-path.js';
import { PIPELINE_ID } from './flow-batches.js';

export const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
export const PRODUCER_SPAN_ID = '00f067aa0ba902b7';
export const SAMPLED = `00-${TRACE_ID}-${PRODUCER_SPAN_ID}-01`;
export const UNSAMPLED = `00-${TRACE_ID}-${PRODUCER_SPAN_ID}-00`;

export interface TracedFlow {
  tracer: FlowTracer;
  /** What has left it so far. */
  spans: FinishedSpan[];
  named(name: string): FinishedSpan[];
}

/** The real tracer of a task, and what it emits. Picks a batch when the next of these numbers is below the ratio. */
export function tracedFlow(sampleRatio = 0, randoms: number[] = []): TracedFlow {
  const spans: FinishedSpan[] = [];
  const tracer = new FlowTracer(
    { pipelineId: PIPELINE_ID, taskIndex: 2, inputTopic: INPUT_TOPIC, consumerGroup: 'default.sdp.p1' },
    { sampleRatio, emit: (more) => spans.push(...more), random: () => randoms.shift() ?? 0.5 },
  );
  return { tracer, spans, named: (name) => spans.filter((span) => span.name === name) };
}
