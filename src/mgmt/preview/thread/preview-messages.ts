import type { TargetBase } from '../../../document/target-base.js';
import type { PreviewJob } from './preview-job.js';
import type { CutBy, PreviewOutcome, RecordPlace } from './preview-outcome.js';

/** What a preview thread is told: one job at a time. */
export type ToPreviewThread =
  | { kind: 'run'; job: PreviewJob }
  | { kind: 'base_found'; baseType: string; base: TargetBase | undefined }
  | { kind: 'base_failed'; baseType: string; message: string };

/** What it tells. */
export type FromPreviewThread =
  /** The records are there; `isComplete` false: not all that were asked for. */
  | { kind: 'records'; places: RecordPlace[]; isComplete: boolean }
  /** Of the next record, in their order. */
  | { kind: 'outcome'; outcome: PreviewOutcome }
  /** A record named a base: answered by `base_found` or `base_failed`. */
  | { kind: 'find_base'; baseType: string }
  /** `cutBy`: the other records were not looked at, for this reason. */
  | { kind: 'done'; cutBy?: CutBy }
  /** The job is over without all outcomes; `code` is that of a CodedError, empty for a mistake of this program. */
  | { kind: 'failed'; code: string; message: string };
