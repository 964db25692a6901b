import type { FinishedSpan } from '../../platform/tracing/finished-span.js';
import type { TargetBase } from '../flow/batch/target-base.js';
import type { FlowMetrics } from '../flow/flow-metrics.js';
import type { TaskLog } from './thread-log.js';

/** What a task's flow needs of the world outside its thread. */
export interface FlowPorts {
  metrics: FlowMetrics;
  findBase(baseType: string): Promise<TargetBase | undefined>;
  reviveBase(base: TargetBase): Promise<boolean>;
  log: TaskLog;
  /** Only called while tracing is on. */
  emitSpans(spans: FinishedSpan[]): void;
  onWaiting(cause: string): void;
  /** Something was committed. */
  onProgress(): void;
}
