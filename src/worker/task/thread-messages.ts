import type { IndexBase } from '../../domain/index-base.js';
import type { LogLevel } from '../../domain/coded-error.js';
import type { TaskMetricsDelta } from '../../platform/metrics/task-metrics-delta.js';
import type { FinishedSpan } from '../../platform/tracing/finished-span.js';
import type { TargetBase } from '../../document/target-base.js';
import type { FailureCause } from './failure-cause.js';
import type { TaskSettings } from './task-settings.js';
import type { TaskStatus } from './task-status.js';

/** What a thread is told. */
export type ToThread =
  | { kind: 'start'; key: string; settings: TaskSettings }
  /** Answered by `ended` once the task has drained, or given up at the deadline. */
  | { kind: 'stop'; key: string; deadlineMs: number }
  /** Answered by `tried`: what would keep a run by these settings from beginning. What runs is not touched. */
  | { kind: 'try'; key: string; settings: TaskSettings }
  /** Lines below this level are not worth a message; comes before the first task and with each change. */
  | { kind: 'log_level'; level: string }
  | { kind: 'base_found'; call: number; base: TargetBase | undefined }
  | { kind: 'base_failed'; call: number; message: string }
  | { kind: 'base_revived'; call: number; isRevived: boolean };

/** How busy a task was since its last sample. */
export interface TaskSample {
  cpuPercent: number;
  memoryBytes: number;
  lagRecords: number;
  lagSeconds: number;
  recordsInPerSec: number;
  indexedPerSec: number;
  rejectedPerSec: number;
}

/** What a thread tells. */
export type FromThread =
  | { kind: 'ready' }
  | { kind: 'status'; key: string; revision: number; status: TaskStatus }
  | { kind: 'sample'; key: string; sample: TaskSample; metrics: TaskMetricsDelta }
  | { kind: 'ended'; key: string }
  /** Without a fault it can start. Comes after the status that a `start` before the `try` led to. */
  | { kind: 'tried'; key: string; fault: FailureCause | undefined }
  /** Only while tracing is on. */
  | { kind: 'spans'; spans: FinishedSpan[] }
  /** `fault` names what may repeat; see TaskLog. */
  | { kind: 'log'; level: LogLevel; message: string; fields: Record<string, unknown>; fault?: string }
  /** A record named a base that the task has not met: answered by `base_found` or `base_failed`. */
  | { kind: 'find_base'; call: number; baseType: string }
  /** The alias of the pipeline's own base is missing: answered by `base_revived`. */
  | { kind: 'revive_base'; call: number; base: IndexBase };
