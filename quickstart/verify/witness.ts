import type { Consumer } from '@platformatic/kafka';

import type { FedRecord } from '../feeds/feed.ts';
import { openReaderClient, TopicReader } from '../kafka/topic-reader.ts';
import type { RunningPipeline } from '../pipelines.ts';
import type { OpenSearch } from '../search/open-search.ts';
import type { Evidence } from './evidence.ts';

interface PipelineReaders {
  pipeline: RunningPipeline;
  output: TopicReader;
  errors: TopicReader;
}

/** Sees for itself what stands in the topics and in OpenSearch; the program is not asked. */
export class Witness {
  readonly #client: Consumer;
  readonly #search: OpenSearch;
  readonly #readers: readonly PipelineReaders[];

  constructor(brokers: readonly string[], search: OpenSearch, pipelines: readonly RunningPipeline[]) {
    this.#client = openReaderClient(brokers);
    this.#search = search;
    this.#readers = pipelines.map((pipeline) => ({
      pipeline,
      output: new TopicReader(this.#client, pipeline.outputTopic),
      errors: new TopicReader(this.#client, pipeline.errorTopic),
    }));
  }

  /** Reads what the output and error topics have got since the last call. */
  async advance(): Promise<void> {
    for (const { output, errors } of this.#readers) {
      await output.advance();
      await errors.advance();
    }
  }

  /** Records of a pipeline that were in one of its topics at the last `advance`. */
  settledCount(pipelineId: string): number {
    const found = this.#readers.find(({ pipeline }) => pipeline.id === pipelineId);
    return (found?.output.records.length ?? 0) + (found?.errors.records.length ?? 0);
  }

  /** Records in error topics at the last `advance`. */
  get errorCount(): number {
    return this.#readers.reduce((sum, { errors }) => sum + errors.records.length, 0);
  }

  /** What there is now, a pipeline each. `fedTo` says what was put in. */
  async collect(fedTo: (pipelineId: string) => readonly FedRecord[]): Promise<Evidence[]> {
    await this.advance();
    return Promise.all(
      this.#readers.map(async ({ pipeline, output, errors }) => {
        const alias = aliasOf(pipeline);
        const { dataType, category } = await this.#search.facts(alias);
        const documents = await this.#search.documents(alias);
        const fed = fedTo(pipeline.id);
        return { pipeline, dataType, category, fed, documents, output: output.records, errors: errors.records };
      }),
    );
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

/** Where OpenSearch has the documents of a pipeline. */
export function aliasOf({ indexBase }: Pick<RunningPipeline, 'indexBase'>): string {
  return `mdl-${indexBase}`;
}
