import { Injectable } from '@nestjs/common';
import { CodedError } from '../../domain/coded-error.js';
import type { IndexBase } from '../../domain/index-base.js';
import type { Account, Pipeline } from '../../domain/pipeline.js';
import { DUPLICATE_KEY } from '../../platform/database/database-fault.js';
import { IndexBaseProvider } from '../../platform/index-base/index-base-provider.js';
import { ApiError } from '../errors/api-error.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { concernsWorkers } from './desired-tasks.js';
import type { UpdatePipelineDto } from './dto/update-pipeline.dto.js';
import { PipelineDrafts } from './pipeline-drafts.js';
import { requireVersion } from './pipeline-etag.js';
import { PipelinePublication } from './pipeline-publication.js';
import { PipelineTopics } from './pipeline-topics.js';
import { PipelinesRepository } from './pipelines.repository.js';
import { requiredBase } from './required-base.js';

export interface UpdateRequest {
  id: string;
  dto: UpdatePipelineDto;
  account: Account;
  /** Versions of the pipeline that the caller is content to replace; undefined: any. */
  versions: ReadonlySet<number> | undefined;
}

/**
 * Replaces what can be changed of a pipeline: the index base is made, if it may be, then in one transaction the row and
 * what the new form needs (topics, slots), and the workers are told. A change that cannot be carried out changes nothing.
 * The row is locked meanwhile: two changes at once would leave the topics of one of them with the row of the other, and a
 * deletion would leave topics that it did not see.
 */
@Injectable()
export class PipelineUpdate {
  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly drafts: PipelineDrafts,
    private readonly indexBases: IndexBaseProvider,
    private readonly topics: PipelineTopics,
    private readonly tasks: TasksRepository,
    private readonly publication: PipelinePublication,
  ) {}

  async update(request: UpdateRequest): Promise<void> {
    const current = await this.pipelines.find(request.id);
    if (!current) {
      throw new ApiError('NotFound.Pipeline');
    }
    requireChangeable(current, request);
    const base = await requiredBase(this.indexBases, this.drafts.changed(current, request.dto));
    if (await this.apply(request, base)) {
      await this.publication.publishSoon(request.id);
    }
  }

  /** True when the workers have to be told. */
  private async apply(request: UpdateRequest, base: IndexBase | undefined): Promise<boolean> {
    const { id, dto, account } = request;
    try {
      const isConcerned = await this.pipelines.locked(id, async (pipeline) => {
        // Once more on what is there now: somebody may have changed it since it was read.
        requireChangeable(pipeline, request);
        const changed = this.drafts.changed(pipeline, dto);
        const isForWorkers = concernsWorkers(pipeline, changed);
        const revision = isForWorkers ? await this.pipelines.nextRevision() : pipeline.revision;
        // First, since a name that is taken ends it before a topic is touched.
        await this.pipelines.replace({ ...changed, revision, updateTime: Date.now(), updater: account }, base);
        if (isForWorkers) {
          await this.provide(changed);
        }
        return isForWorkers;
      });
      if (isConcerned === undefined) {
        throw new ApiError('NotFound.Pipeline');
      }
      return isConcerned;
    } catch (error) {
      throw error instanceof CodedError && error.code === DUPLICATE_KEY ? nameTaken() : error;
    }
  }

  /** Slots come after the topics: the lock on them is one for all pipelines, and Kafka may keep its holder waiting. */
  private async provide(changed: Pipeline): Promise<void> {
    await this.topics.adapt(changed);
    await this.tasks.place(changed.id, changed.deployment.parallelism);
    if (changed.desired === 'running') {
      await this.tasks.expectReports(changed.id);
    }
  }
}

function requireChangeable(pipeline: Pipeline, { versions }: UpdateRequest): void {
  if (pipeline.desired === 'deleting') {
    throw new ApiError('Conflict.PipelineDeleting');
  }
  requireVersion(pipeline, versions);
}

/** On a create the same is 403: callers of the replaced service rely on both. */
function nameTaken(): ApiError {
  const code = 'Duplicated.PipelineName';
  return new ApiError(code, { faults: [{ code, field: 'name', fault: 'is taken' }] }, { status: 400 });
}
