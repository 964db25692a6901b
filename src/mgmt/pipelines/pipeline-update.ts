import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { CodedError } from '../../domain/coded-error.js';
import type { IndexBase } from '../../domain/index-base.js';
import type { Account, Pipeline } from '../../domain/pipeline.js';
import { DUPLICATE_KEY } from '../../platform/database/database-fault.js';
import { FailPoints } from '../../platform/fail-points/fail-points.js';
import { IndexBaseProvider } from '../../platform/index-base/index-base-provider.js';
import { ApiError } from '../errors/api-error.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { concernsTopicsOrSlots, concernsWorkers } from './desired-tasks.js';
import type { UpdatePipelineDto } from './dto/update-pipeline.dto.js';
import { PipelineDrafts } from './pipeline-drafts.js';
import { requireVersion } from './pipeline-etag.js';
import { PipelinePublication } from './pipeline-publication.js';
import { PipelineTests } from './pipeline-tests.js';
import { PipelineTopics } from './pipeline-topics.js';
import { PipelinesRepository } from './pipelines.repository.js';
import { requiredBase } from './required-base.js';

export interface UpdateRequest {
  id: string;
  dto: UpdatePipelineDto;
  account: Account;
  /** Versions of the pipeline that the caller is content to replace; undefined: any. */
  versions: ReadonlySet<number> | undefined;
  /** Its tests are stored as they are. */
  skipsTests: boolean;
}

/**
 * Replaces what can be changed of a pipeline. First it is made sure that the change can be carried out: base and Kafka are
 * asked. Then the row is replaced, and with it the change is decided: topics, tasks and workers follow by its publication,
 * which the reconciler goes on with. So a crash leaves the former form or the new one, and nothing of the other.
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
    private readonly tests: PipelineTests,
    private readonly failPoints: FailPoints,
  ) {}

  async update(request: UpdateRequest): Promise<void> {
    const current = await this.pipelines.find(request.id);
    if (!current) {
      throw new ApiError('NotFound.Pipeline');
    }
    requireChangeable(current, request);
    const wanted = this.drafts.changed(current, request.dto);
    if (!request.skipsTests) {
      await this.tests.require(wanted);
    }
    const base = await this.prepare(current, wanted);
    this.failPoints.reached('update.checked', request.id);
    const applied = await this.apply(request, wanted, base);
    if (applied === 'outdated') {
      return this.update(request);
    }
    if (applied === 'for workers') {
      this.failPoints.reached('update.replaced', request.id);
      await this.publication.publishSoon(request.id);
    }
    this.failPoints.reached('update.published', request.id);
  }

  private async prepare(current: Pipeline, wanted: Pipeline): Promise<IndexBase | undefined> {
    const base = await requiredBase(this.indexBases, wanted, current);
    if (concernsTopicsOrSlots(current, wanted)) {
      await this.topics.check(wanted);
    }
    return base;
  }

  /** Outdated: somebody else has given it other tests meanwhile, which it has to pass too. */
  private async apply(
    request: UpdateRequest,
    wanted: Pipeline,
    base: IndexBase | undefined,
  ): Promise<'for workers' | 'for nobody else' | 'outdated'> {
    const { id, dto, account } = request;
    try {
      const applied = await this.pipelines.locked(id, async (pipeline) => {
        // Once more on what is there now: somebody may have changed it since it was read.
        requireChangeable(pipeline, request);
        const changed = this.drafts.changed(pipeline, dto);
        if (!request.skipsTests && !isDeepStrictEqual(changed.tests, wanted.tests)) {
          return 'outdated';
        }
        const isForWorkers = concernsWorkers(pipeline, changed);
        const revision = isForWorkers ? await this.pipelines.nextRevision() : pipeline.revision;
        await this.pipelines.replace(
          { ...changed, revision, updateTime: Date.now(), updater: account },
          base,
          concernsTopicsOrSlots(pipeline, changed),
        );
        if (isForWorkers && pipeline.desired === 'running') {
          await this.tasks.expectReports(id);
        }
        return isForWorkers ? 'for workers' : 'for nobody else';
      });
      if (applied === undefined) {
        throw new ApiError('NotFound.Pipeline');
      }
      return applied;
    } catch (error) {
      throw error instanceof CodedError && error.code === DUPLICATE_KEY ? nameTaken() : error;
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
