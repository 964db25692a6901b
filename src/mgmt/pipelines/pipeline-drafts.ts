import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, AppConfig } from '../../config/app-config.js';
import type { Account, DeploymentConfig, Pipeline, PipelineTopics } from '../../domain/pipeline.js';
import { TopicNames } from '../../domain/topic-names.js';
import { type Fault, invalidRequest } from '../errors/api-error.js';
import type { CreatePipelineDto } from './dto/create-pipeline.dto.js';
import type { PipelineFieldsDto } from './dto/pipeline-fields.dto.js';
import type { UpdatePipelineDto } from './dto/update-pipeline.dto.js';
import { HandlerCheck } from './handler-check.js';
import { settingsOf } from './pipeline-view.js';
import { testFaults } from './test-faults.js';

const ID_BYTES = 10;

/** Turns a checked request into the pipeline that it asks for: defaults, names, and the limits that are settings. */
@Injectable()
export class PipelineDrafts {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly names: TopicNames,
    private readonly handlers: HandlerCheck,
  ) {}

  /** A pipeline that does not exist yet. Rejects with all faults at once. */
  of(dto: CreatePipelineDto, account: Account, revision: number, now = Date.now()): Pipeline {
    const id = dto.id ?? randomBytes(ID_BYTES).toString('hex');
    const deployment = deploymentOf(dto);
    const topics = this.topicsOf(id, dto);
    const [first, ...others] = [
      ...this.limitFaults(deployment),
      ...this.topicFaults(dto, topics),
      ...this.handlers.faultsOf(dto.handlers),
      ...testFaults(dto.tests),
    ];
    if (first) {
      throw invalidRequest([first, ...others]);
    }
    return {
      ...editable(dto),
      tests: dto.tests ?? [],
      id,
      builtin: dto.builtin ?? false,
      deployment,
      topics,
      hasOwnInputTopic: Boolean(dto.input_topic) && dto.input_topic !== this.names.input(id),
      ...{ desired: 'running', deletesOutput: false, status: 'running', statusDetails: '' },
      ...{ version: revision, revision, publishedRevision: 0 },
      ...{ createTime: now, updateTime: now, creator: account, updater: account },
    };
  }

  /**
   * The pipeline with everything that can be changed replaced; its tests, which older callers do not know, only when they
   * are given. Its revision and version stay.
   */
  changed(pipeline: Pipeline, dto: UpdatePipelineDto): Pipeline {
    const deployment = deploymentOf(dto);
    const topics = {
      ...{ input: pipeline.topics.input, error: pipeline.topics.error },
      ...(dto.index_base && { output: this.names.output(dto.index_base) }),
    };
    const [first, ...others] = [
      ...fixedFaults(pipeline, dto),
      ...this.limitFaults(deployment),
      ...this.handlers.faultsOf(dto.handlers),
      ...testFaults(dto.tests),
      ...(pipeline.hasOwnInputTopic ? this.topicFaults({ input_topic: topics.input }, topics) : []),
    ];
    if (first) {
      throw invalidRequest([first, ...others]);
    }
    return { ...pipeline, ...editable(dto), tests: dto.tests ?? pipeline.tests, deployment, topics };
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
  private topicFaults(
    { input_topic: given }: Pick<CreatePipelineDto, 'input_topic'>,
    { input, error, output }: PipelineTopics,
  ): Fault[] {
    const own = [error, output, this.names.control(), this.names.status()];
    return given && own.includes(input)
      ? [{ code: 'InvalidParameter.InputTopic', field: 'input_topic', fault: 'is a topic that the service writes to' }]
      : [];
  }
}

function deploymentOf({ deployment_config: given }: PipelineFieldsDto): DeploymentConfig {
  return {
    cpuLimit: given?.cpu_limit ?? 1,
    memoryLimitMiB: given?.memory_limit ?? 1024,
    parallelism: given?.parallelism ?? 1,
    isolation: given?.isolation ?? 'shared',
  };
}

function editable(dto: PipelineFieldsDto) {
  return {
    name: dto.name,
    tags: dto.tags ?? [],
    comment: dto.comment ?? '',
    outputType: 'index_base' as const,
    indexBase: dto.index_base ?? '',
    useIndexBaseInData: dto.use_index_base_in_data ?? false,
    handlers: dto.handlers ?? [],
    settings: settingsOf(dto.settings ?? {}),
    documentVersion: dto.document_version ?? ('none' as const),
  };
}

/** What cannot be changed may be sent along, as it is. */
function fixedFaults({ id, builtin, topics }: Pipeline, dto: UpdatePipelineDto): Fault[] {
  const given = [
    { code: 'InvalidParameter.PipelineID', field: 'id', isOther: dto.id !== undefined && dto.id !== id },
    {
      code: 'InvalidParameter.Builtin',
      field: 'builtin',
      isOther: dto.builtin !== undefined && dto.builtin !== builtin,
    },
    {
      code: 'InvalidParameter.InputTopic',
      field: 'input_topic',
      isOther: dto.input_topic !== undefined && dto.input_topic !== topics.input,
    },
  ] as const;
  return given
    .filter(({ isOther }) => isOther)
    .map(({ code, field }) => ({ code, field, fault: 'cannot be changed', limit: 'as it is, or left out' }));
}
