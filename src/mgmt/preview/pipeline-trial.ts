import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, AppConfig } from '../../config/app-config.js';
import { handlerSecretsOf } from '../../config/handlers-config.js';
import type { TargetBase } from '../../document/target-base.js';
import type { IndexBase } from '../../domain/index-base.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { TopicNames } from '../../domain/topic-names.js';
import { IndexBaseProvider } from '../../platform/index-base/index-base-provider.js';
import { invalidRequest } from '../errors/api-error.js';
import type { PreviewResult } from './preview-progress.js';
import { PreviewThreads } from './preview-threads.js';
import type { PreviewedPipeline, RecordSource } from './thread/preview-job.js';

const MIB = 1024 * 1024;

/** Tries out what the workers would make of records, with their code and settings. Nothing is made or changed. */
@Injectable()
export class PipelineTrial {
  private readonly handlerSecrets: Readonly<Record<string, string>>;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly indexBases: IndexBaseProvider,
    private readonly names: TopicNames,
    private readonly threads: PreviewThreads,
  ) {
    this.handlerSecrets = handlerSecretsOf(config.handlers);
  }

  /** Rejects when the pipeline's own base does not exist, and when bases cannot be looked up or the topic cannot be read. */
  async run(pipeline: Pipeline, source: RecordSource): Promise<PreviewResult> {
    const job = { pipeline: await this.seenByWorkers(pipeline), source };
    return this.threads.run(job, async (baseType) => {
      const base = await this.indexBases.get(baseType);
      return base && this.target(base, false);
    });
  }

  private async seenByWorkers(pipeline: Pipeline): Promise<PreviewedPipeline> {
    const { server } = this.config;
    const ownBase = await this.ownBase(pipeline);
    return {
      id: pipeline.id,
      handlers: pipeline.handlers,
      useIndexBaseInData: pipeline.useIndexBaseInData,
      documentVersion: pipeline.documentVersion,
      tombstones: pipeline.settings.tombstones ?? 'skip',
      ...(ownBase && { ownBase }),
      handlerSecrets: this.handlerSecrets,
      maxRecordBytes: server.maxRecordMiB * MIB,
      maxIndexBases: server.maxIndexBasesPerTask,
    };
  }

  /** A base that a create would make counts as there. */
  private async ownBase({ indexBase }: Pipeline): Promise<TargetBase | undefined> {
    if (indexBase === '') {
      return undefined;
    }
    const base = await this.indexBases.foresee(indexBase);
    if (!base) {
      throw invalidRequest([
        { code: 'InvalidParameter.IndexBase', field: 'index_base', fault: `there is no index base ${indexBase}` },
      ]);
    }
    return this.target(base, true);
  }

  private target(base: IndexBase, isOwn: boolean): TargetBase {
    return { ...base, outputTopic: this.names.output(base.baseType), isOwn };
  }
}
