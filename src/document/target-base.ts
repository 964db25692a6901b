import type { IndexBase } from '../domain/index-base.js';

/** An index base as a task writes to it: where its documents and their forwarded copies go. */
export interface TargetBase extends IndexBase {
  outputTopic: string;
  /** True for the base of the pipeline itself, false for one that a record named. */
  isOwn: boolean;
}
