import type { DocumentVersion, HandlerConfig } from '../../../domain/pipeline.js';
import type { TargetBase } from '../../../document/target-base.js';
import type { KafkaConnection } from '../../../platform/kafka/kafka-connection.js';

/** What of a pipeline, and of the settings of its workers, decides what becomes of a record. Plain data: it crosses threads. */
export interface PreviewedPipeline {
  id: string;
  handlers: readonly HandlerConfig[];
  useIndexBaseInData: boolean;
  documentVersion: DocumentVersion;
  tombstones: 'skip' | 'error';
  /** Absent when every record names its own. */
  ownBase?: TargetBase;
  handlerSecrets: Readonly<Record<string, string>>;
  maxRecordBytes: number;
  maxIndexBases: number;
}

/** A record as if it had been read from there. */
export interface PreviewedRecord {
  partition: number;
  offset: number;
  /** Epoch ms; -1 when it has none. */
  timestamp: number;
  /** Null: a tombstone. */
  value: Uint8Array | null;
  /** Size of its key and headers. */
  extraBytes: number;
}

export type RecordSource =
  | { kind: 'given'; records: readonly PreviewedRecord[] }
  /** The newest so many of the topic. */
  | { kind: 'peek'; connection: KafkaConnection; topic: string; last: number };

export interface PreviewJob {
  pipeline: PreviewedPipeline;
  source: RecordSource;
}
