import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, AppConfig } from '../../config/app-config.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { kafkaConnection } from '../../platform/kafka/kafka-connection.js';
import { TopicAdmin } from '../../platform/kafka/topic-admin.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { type Fault, invalidRequest, within } from '../errors/api-error.js';
import { recordFaults, recordOf } from '../pipelines/written-record.js';
import type { PreviewResultDto } from './dto/preview-result.dto.js';
import type { PreviewDto } from './dto/preview.dto.js';
import { PipelineTrial } from './pipeline-trial.js';
import { PreviewSubjects } from './preview-subjects.js';
import { previewView } from './preview-view.js';
import type { RecordSource } from './thread/preview-job.js';

/** Shows what becomes of records, given or taken from the input topic. */
@Injectable()
export class PreviewService {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly subjects: PreviewSubjects,
    private readonly topics: TopicAdmin,
    private readonly trial: PipelineTrial,
  ) {}

  async preview(dto: PreviewDto, account: CallerAccount): Promise<PreviewResultDto> {
    requireSource(dto);
    const pipeline = await this.subjects.of(dto, account);
    const source = await this.sourceOf(dto, pipeline);
    const run = () => this.trial.run(pipeline, source);
    const result = await (dto.pipeline?.index_base ? within('pipeline', run) : run());
    return previewView(result, source.kind === 'peek' ? source.topic : undefined);
  }

  private async sourceOf({ id, peek, records = [] }: PreviewDto, { topics }: Pipeline): Promise<RecordSource> {
    if (!peek) {
      const timestamp = Date.now();
      return {
        kind: 'given',
        records: records.map((record, offset) => recordOf(record, { partition: 0, offset, timestamp })),
      };
    }
    if (!(await this.topics.hasTopic(topics.input))) {
      const field = id === undefined ? 'pipeline.input_topic' : 'id';
      throw invalidRequest([
        { code: 'InvalidParameter.InputTopic', field, fault: `there is no topic ${topics.input}` },
      ]);
    }
    return { kind: 'peek', connection: kafkaConnection(this.config), topic: topics.input, last: peek.last };
  }
}

function requireSource(dto: PreviewDto): void {
  const [first, ...others] = sourceFaults(dto);
  if (first) {
    throw invalidRequest([first, ...others]);
  }
}

function sourceFaults({ id, pipeline, records, peek }: PreviewDto): Fault[] {
  const bad = (fault: string, limit: string): Fault => ({
    code: 'InvalidParameter.RequestBody',
    field: '',
    fault,
    limit,
  });
  const isGiven = (value: unknown) => (value ?? undefined) !== undefined;
  return [
    ...(isGiven(id) || isGiven(pipeline) ? [] : [bad('names no pipeline', 'id, pipeline or both')]),
    ...(isGiven(records) === isGiven(peek)
      ? [bad(isGiven(peek) ? 'has records and peek' : 'has neither records nor peek', 'one of records and peek')]
      : []),
    ...(isGiven(peek) && !isGiven(id) && !isGiven(pipeline?.input_topic)
      ? [bad('names no topic to look at', 'id, or pipeline.input_topic')]
      : []),
    ...(records ?? [])
      .flatMap((record, at) => recordFaults(record, `records[${at}]`))
      .map((fault): Fault => ({ code: 'InvalidParameter.Records', ...fault })),
  ].slice(0, 100);
}
