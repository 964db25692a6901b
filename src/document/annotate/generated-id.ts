/** Where a record stands in the input topic, and when Kafka stamped it. */
export interface RecordOrigin {
  partition: number;
  offset: number;
  /** Epoch ms; -1 when the record has none. */
  timestamp: number;
}

/**
 * The id of a document whose record brings none. The same record always gets the same one, so that a replay overwrites
 * itself; a re-created topic or another pipeline on the same base gets others.
 */
export function generatedId(pipelineId: string, origin: RecordOrigin): string {
  return `${pipelineId}[${origin.partition}]@${origin.offset}-${origin.timestamp}`;
}
