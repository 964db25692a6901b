import type { FinishedSpan, SpanReference } from './finished-span.js';
import { randomSpanId } from './random-ids.js';

export interface SpanOrigin extends Pick<FinishedSpan, 'kind' | 'traceId' | 'parentSpanId' | 'traceState'> {
  /** What is linked beyond is counted only. */
  maxLinks: number;
}

/** A span that has begun. Costs its object and an id; nobody hears of one that is not finished. */
export class OpenSpan implements SpanReference {
  readonly spanId = randomSpanId();
  private readonly startMs = Date.now();
  /** A duration is measured by the monotonic clock, so that a clock that is set meanwhile does not bend it. */
  private readonly startedAt = performance.now();
  private readonly links: SpanReference[] = [];
  private droppedLinks = 0;

  constructor(private readonly origin: SpanOrigin) {}

  get traceId(): string {
    return this.origin.traceId;
  }

  link({ traceId, spanId }: SpanReference): void {
    if (this.links.length < this.origin.maxLinks) {
      this.links.push({ traceId, spanId });
    } else {
      this.droppedLinks++;
    }
  }

  finish(ending: Pick<FinishedSpan, 'name' | 'hasFailed' | 'attributes'>): FinishedSpan {
    const { maxLinks: _maxLinks, ...origin } = this.origin;
    return {
      ...origin,
      ...ending,
      spanId: this.spanId,
      startMs: this.startMs,
      endMs: this.startMs + performance.now() - this.startedAt,
      links: this.links,
      droppedLinks: this.droppedLinks,
    };
  }
}
