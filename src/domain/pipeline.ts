import type { PipelineTest } from './pipeline-test.js';

/** What a caller asked for. Changed by callers only; reports never touch it. */
export type DesiredState = 'running' | 'close' | 'deleting';

/** What a user sees. Derived from the desired state and the tasks' reports, see {@link derivePipelineStatus}. */
export type PipelineStatus = 'running' | 'close' | 'error' | 'deleting';

export type Isolation = 'shared' | 'dedicated';
export type OutputType = 'index_base';
export type DocumentVersion = 'none' | 'offset';

/** exactly_once: records and offsets in one transaction; at_least_once: the records first, then the offsets. */
export const DELIVERIES = ['exactly_once', 'at_least_once'] as const;
export type Delivery = (typeof DELIVERIES)[number];

export interface DeploymentConfig {
  /** Cores of the whole pipeline; each task gets 1/parallelism. */
  cpuLimit: number;
  /** MiB of the whole pipeline; each task gets 1/parallelism. */
  memoryLimitMiB: number;
  parallelism: number;
  isolation: Isolation;
}

export interface Account {
  id: string;
  type: string;
  name: string;
}

/** A configured handler as the owner wrote it; its options are checked by the schema of its type. */
export interface HandlerConfig {
  type: string;
  [option: string]: unknown;
}

/** Per-pipeline overrides; an absent key means the configuration's value. */
export interface PipelineSettings {
  flushMiB?: number;
  flushItems?: number;
  flushIntervalSec?: number;
  inputPartitions?: number;
  errorRetentionHours?: number;
  tombstones?: 'skip' | 'error';
  delivery?: Delivery;
}

export interface PipelineTopics {
  input: string;
  error: string;
  /** Absent when the base comes from the data: one output topic per base met. */
  output?: string;
}

export interface Pipeline {
  id: string;
  name: string;
  tags: string[];
  comment: string;
  builtin: boolean;
  outputType: OutputType;
  /** Empty when the base comes from each record and no fallback is configured. */
  indexBase: string;
  useIndexBaseInData: boolean;
  deployment: DeploymentConfig;
  handlers: HandlerConfig[];
  /** What the handlers are held against before they are stored. */
  tests: PipelineTest[];
  settings: PipelineSettings;
  documentVersion: DocumentVersion;
  topics: PipelineTopics;
  /** True when the owner named an existing topic: it is never created, changed or deleted by us. */
  hasOwnInputTopic: boolean;
  desired: DesiredState;
  /** Its deletion takes the output topic too, if nobody else needs it by then. */
  deletesOutput: boolean;
  status: PipelineStatus;
  statusDetails: string;
  /** Counts the changes by callers; what If-Match compares. */
  version: number;
  /** Of what the workers are told; a change that does not concern them leaves it. */
  revision: number;
  publishedRevision: number;
  /** Epoch ms. */
  createTime: number;
  /** Epoch ms; moved by callers' changes only. */
  updateTime: number;
  creator: Account;
  updater: Account;
}
