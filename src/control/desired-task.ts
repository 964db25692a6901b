import type { DocumentVersion, HandlerConfig, Isolation, PipelineSettings } from '../domain/pipeline.js';
import type { IndexBase } from '../domain/index-base.js';
import type { TaskId } from '../domain/task.js';

/** The format of the message; a reader refuses one that is newer than it knows. */
export const DESIRED_TASK_VERSION = 1;

/**
 * Desired state of one task, mgmt → workers, on the control topic under the key `<pipeline id>#<index>`.
 * It is complete: a worker needs no database and no management service. A tombstone means that the task is gone.
 */
export interface DesiredTask extends TaskId {
  version: typeof DESIRED_TASK_VERSION;
  /** From one service-wide sequence; a lower one than already seen for this key is ignored. */
  revision: number;
  desired: 'running' | 'close';
  /** Who runs it: shared workers, or a worker started for this pipeline alone. */
  deployment: 'shared' | 'kubernetes';
  parallelism: number;
  isolation: Isolation;
  /** Share of this task, cores. */
  cpuLimit: number;
  /** Share of this task, MiB. */
  memoryLimitMiB: number;
  pipelineName: string;
  inputTopic: string;
  errorTopic: string;
  consumerGroup: string;
  transactionalId: string;
  /** The pipeline's own base; absent when it has none because each record names its own. */
  indexBase?: IndexBase;
  /** Output topic of the pipeline's own base; absent when it has none. */
  outputTopic?: string;
  useIndexBaseInData: boolean;
  documentVersion: DocumentVersion;
  handlers: HandlerConfig[];
  settings: PipelineSettings;
}
