import { monitorEventLoopDelay } from 'node:perf_hooks';

type IntervalHistogram = ReturnType<typeof monitorEventLoopDelay>;

export interface DelayStatistics {
  meanMs: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

const RESOLUTION_MS = 10;
const WINDOW_MS = 60_000;
const NS_PER_MS = 1e6;

/**
 * By how much the event loop of this thread is late. Of the last whole minute, because what was slow at the start says nothing
 * of now; before there is one, of the time so far.
 */
export class EventLoopDelay {
  private readonly histogram: IntervalHistogram;
  private readonly timer: NodeJS.Timeout;
  private lastMinute: DelayStatistics | undefined;

  constructor() {
    this.histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.histogram.enable();
    this.timer = setInterval(() => this.turn(), WINDOW_MS).unref();
  }

  get statistics(): DelayStatistics {
    return this.lastMinute ?? statisticsOf(this.histogram);
  }

  stop(): void {
    clearInterval(this.timer);
    this.histogram.disable();
  }

  private turn(): void {
    this.lastMinute = statisticsOf(this.histogram);
    this.histogram.reset();
  }
}

/** The histogram counts the whole time between two of its own ticks: what is above its resolution is delay. */
function statisticsOf(histogram: IntervalHistogram): DelayStatistics {
  const delay = (ns: number) =>
    histogram.count === 0 ? 0 : Math.round(Math.max(0, ns / NS_PER_MS - RESOLUTION_MS) * 1000) / 1000;
  return {
    meanMs: delay(histogram.mean),
    p50Ms: delay(histogram.percentile(50)),
    p99Ms: delay(histogram.percentile(99)),
    maxMs: delay(histogram.max),
  };
}
