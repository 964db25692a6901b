import { createRequire } from 'node:module';
import type * as Client from 'prom-client';

const load = createRequire(import.meta.url);

/**
 * prom-client 15 part by part: its index loads @opentelemetry/api (for exemplars of its CPU counters, which this program
 * does not use), and without tracing no module of OpenTelemetry is loaded.
 */
export const Registry = load('prom-client/lib/registry.js') as typeof Client.Registry;
export const Counter = load('prom-client/lib/counter.js') as typeof Client.Counter;
export const Gauge = load('prom-client/lib/gauge.js') as typeof Client.Gauge;
export const Histogram = load('prom-client/lib/histogram.js') as typeof Client.Histogram;

type Collector = (registry: Client.Registry, config: { eventLoopMonitoringPrecision: number }) => void;

/** All of `collectDefaultMetrics` but `processCpuTotal`, the part that loads @opentelemetry/api. */
const COLLECTORS = [
  'processStartTime',
  'osMemoryHeap',
  'processOpenFileDescriptors',
  'processMaxFileDescriptors',
  'eventLoopLag',
  'processResources',
  'processHandles',
  'processRequests',
  'heapSizeAndUsed',
  'heapSpacesSizeAndUsed',
  'version',
  'gc',
].map((name) => load(`prom-client/lib/metrics/${name}.js`) as Collector);

/** What prom-client's own default is. */
const EVENT_LOOP_PRECISION_MS = 10;

/** The default metrics of prom-client under their own names, but for the CPU counters: see process-cpu.ts. */
export function collectProcessState(registry: Client.Registry): void {
  for (const collect of COLLECTORS) {
    collect(registry, { eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS });
  }
}
