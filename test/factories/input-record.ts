/** What has to become of a record, by its builder's own knowledge: nothing of the program is asked. */
export type Expected =
  | {
      outcome: 'indexed';
      /** The annotated document. */
      document: (annotations: string) => string;
      /** `@timestamp` when the record brings one; else it is Kafka's time. */
      timestamp?: string;
      /** `__id` when the record brings one. */
      ownId?: string;
      /** The text was not UTF-8. */
      isRecoded?: boolean;
    }
  | { outcome: 'rejected'; code: string; stage: string }
  | { outcome: 'skipped' };

export interface RecordContent {
  value: Buffer | null;
  expected: Expected;
}

export interface InputRecord extends RecordContent {
  partition: number;
  key: Buffer | null;
  headers: Record<string, string>;
  timestamp: number;
}
