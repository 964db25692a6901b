import type { FedRecord } from '../feeds/feed.ts';
import type { ReadRecord } from '../kafka/committed-records.ts';
import type { RunningPipeline } from '../pipelines.ts';
import type { StoredDocument } from '../search/open-search.ts';
import { expectedDocument, expectedId } from './expected-document.ts';

/** Everything there is to know about one pipeline without asking the program. */
export interface Evidence {
  pipeline: RunningPipeline;
  dataType: string;
  category: string;
  fed: readonly FedRecord[];
  documents: readonly StoredDocument[];
  /** The output topic, as a read_committed consumer sees it. */
  output: readonly ReadRecord[];
  /** The error topic, as a read_committed consumer sees it. */
  errors: readonly ReadRecord[];
}

export interface ExpectedRecord {
  input: FedRecord;
  document: Readonly<Record<string, unknown>>;
}

/** What has to be in OpenSearch and in the output topic, by document id. */
export function expectedRecords(evidence: Evidence): Map<string, ExpectedRecord> {
  const { pipeline, dataType, category, fed } = evidence;
  const annotations = { pipelineId: pipeline.id, indexBase: pipeline.indexBase, dataType, category };
  return new Map(
    fed
      .filter(({ rejection }) => rejection === undefined)
      .map((input) => [expectedId(pipeline.id, input), { input, document: expectedDocument(input, annotations) }]),
  );
}

/** What has to be in the error topic, by where it stands in the input topic. */
export function expectedErrors({ fed }: Evidence): Map<string, FedRecord> {
  const bad = fed.filter(({ rejection }) => rejection !== undefined);
  return new Map(bad.map((record) => [`${record.partition}@${record.offset}`, record]));
}
