import type { Rejection } from '../../../domain/rejection.js';

/** What a worker would make of a record. */
export type PreviewOutcome =
  | {
      result: 'document';
      /** Its exact text, as OpenSearch gets it. */
      document: string;
      /** The alias that it goes to. */
      index: string;
      id: string;
      routing?: string;
      /** With document versions. */
      version?: number;
      outputTopic: string;
    }
  | { result: 'rejected'; rejection: Rejection }
  /** Left out by a handler. */
  | { result: 'dropped'; reason: string }
  /** A tombstone that the settings pass over. */
  | { result: 'skipped' }
  /** Nobody knows: the preview was cut off before. */
  | { result: 'unfinished'; cutBy: CutBy };

/** Which limit of a preview was reached. */
export type CutBy = 'time' | 'memory' | 'size';

/** Where a record stands. */
export interface RecordPlace {
  partition: number;
  offset: number;
  timestamp: number;
}
