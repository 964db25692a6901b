import type { PipelineBody } from './api-client.js';
import { readCommittedRecords, type CommittedRecord } from './committed-records.js';
import { spellForwarded, spellRejected, type Outcome } from './expected-outcome.js';
import type { SearchClient } from './search-client.js';

/** Headers that the service adds to a rejected record. */
const addedHeader = /^(__error_|__source_|__pipeline_id$|__connect\.errors\.)/;

export interface ActualOutcome extends Outcome {
  /** All records of the error topic, also those that should not be there twice. */
  errors: CommittedRecord[];
}

/** What is in OpenSearch and in the topics now, as their consumers see it. */
export async function actualOutcome(search: SearchClient, pipeline: PipelineBody): Promise<ActualOutcome> {
  const forwarded: string[][] = [];
  for (const record of await readCommittedRecords(pipeline.output_topic)) {
    (forwarded[record.partition] ??= []).push(spellForwarded(record));
  }
  const errors = await readCommittedRecords(pipeline.error_topic);
  return {
    documents: await search.documents(`mdl-${pipeline.index_base}`),
    forwarded,
    rejected: new Map(errors.map((record) => [placeOf(record), spelled(record)])),
    errors,
  };
}

function placeOf({ headers }: CommittedRecord): string {
  return `${headers['__source_partition']}@${headers['__source_offset']}`;
}

function spelled({ key, value, headers }: CommittedRecord): string {
  const original = Object.entries(headers).filter(([name]) => !addedHeader.test(name));
  return spellRejected({
    key,
    value,
    headers: Object.fromEntries(original),
    code: headers['__error_code'] ?? '',
    stage: headers['__error_stage'] ?? '',
    sourceTimestamp: Number(headers['__source_timestamp']),
  });
}
