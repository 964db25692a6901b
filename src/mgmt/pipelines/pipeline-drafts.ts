import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, AppConfig } from '../../config/app-config.js';
import type { Account, DeploymentConfig, Pipeline, PipelineTopics } from '../../domain/pipeline.js';
import { TopicNames } from '../../domain/topic-names.js';
import { type Fault, invalidRequest } from '../errors/api-error.js';
import type { CreatePipelineDto } from './dto/create-pipeline.dto.js';
import { settingsOf } from './pipeline-view.js';

const ID_BYTES = 10;

/** Turns a checked request into the pipeline that it asks for: defaults, names, and the limits that are settings. */
@Injectable()
export class PipelineDrafts {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly names: TopicNames,
  ) {}

  /** Rejects with all faults at once. */
  of(dto: CreatePipelineDto, account: Account, revision: number, now = Date.now()): Pipeline {
    const id = dto.id ?? randomBytes(ID_BYTES).toString('hex');
    const deployment = deploymentOf(dto);
    const topics = this.topicsOf(id, dto);
    const [first, ...others] = [...this.limitFaults(deployment), ...this.topicFaults(dto, topics)];
    if (first) {
      throw invalidRequest([first, ...others]);
    }
    return {
      id,
      name: dto.name,
      tags: dto.tags ?? [],
      comment: dto.comment ?? '',
      builtin: dto.builtin ?? false,
      outputType: 'index_base',
      indexBase: dto.index_base ?? '',
      useIndexBaseInData: dto.use_index_base_in_data ?? false,
      deployment,
      handlers: [],
      settings: settingsOf(dto.settings ?? {}),
      documentVersion: dto.document_version ?? 'none',
      topics,
      hasOwnInputTopic: Boolean(dto.input_topic) && dto.input_topic !== this.names.input(id),
      ...{ desired: 'running', status: 'running', statusDetails: '', revision, publishedRevision: 0 },
      ...{ createTime: now, updateTime: now, creator: account, updater: account },
    };
  }

  private topicsOf(id: string, { input_topic: input, index_base: base }: CreatePipelineDto): PipelineTopics {
    return {
      input: input || this.names.input(id),
      error: this.names.error(id),
      ...(base && { output: this.names.output(base) }),
    };
  }

  private limitFaults({ cpuLimit, memoryLimitMiB }: DeploymentConfig): Fault[] {
    const { cpuMax, memoryMaxMiB } = this.config.deployment;
    const faults: (Fault & { isBroken: boolean })[] = [
      {
        code: 'OutOfRange.CpuLimit',
        field: 'deployment_config.cpu_limit',
        fault: `is ${cpuLimit}`,
        limit: `1 to ${cpuMax}`,
        isBroken: cpuLimit > cpuMax,
      },
      {
        code: 'OutOfRange.MemoryLimit',
        field: 'deployment_config.memory_limit',
        fault: `is ${memoryLimitMiB}`,
        limit: `100 to ${memoryMaxMiB}`,
        isBroken: memoryLimitMiB > memoryMaxMiB,
      },
    ];
    return faults.filter(({ isBroken }) => isBroken).map(({ isBroken: _isBroken, ...fault }) => fault);
  }

  /** A pipeline that reads what it writes would never end, and the service's own topics hold no records. */
  private topicFaults({ input_topic: given }: CreatePipelineDto, { input, error, output }: PipelineTopics): Fault[] {
    const own = [error, output, this.names.control(), this.names.status()];
    return given && own.includes(input)
      ? [{ code: 'InvalidParameter.InputTopic', field: 'input_topic', fault: 'is a topic that the service writes to' }]
      : [];
  }
}

function deploymentOf({ deployment_config: given }: CreatePipelineDto): DeploymentConfig {
  return {
    cpuLimit: given?.cpu_limit ?? 1,
    memoryLimitMiB: given?.memory_limit ?? 1024,
    parallelism: given?.parallelism ?? 1,
    isolation: given?.isolation ?? 'shared',
  };
}
