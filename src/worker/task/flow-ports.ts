import type { FinishedSpan } from '../../platform/tracing/finished-span.js';
import type { TargetBase } from '../../document/target-base.js';
import type { FlowMetrics } from '../flow/flow-metrics.js';
import type { TaskLog } from './thread-log.js';
import type { WaitingCause } from '../flow/waiting-cause.js';

/** What a task's flow needs of the world outside its thread. */
export interface FlowPorts {
  metrics: FlowMetrics;
  findBase(baseType: string): Promise<TargetBase | undefined>;
  reviveBase(base: TargetBase): Promise<boolean>;
  log: TaskLog;
  /** Only called while tracing is on. */
  emitSpans(spans: FinishedSpan[]): void;
  /** Undefined: it moves again. */
  onWaiting(cause: WaitingCause | undefined): void;
  /** Something was committed. */
  onProgress(): void;
}
