import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, AppConfig } from '../../config/app-config.js';
import { CodedError } from '../../domain/coded-error.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { DUPLICATE_KEY } from '../../platform/database/database-fault.js';
import { IndexBaseProvider } from '../../platform/index-base/index-base-provider.js';
import { ApiError } from '../errors/api-error.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { Permissions } from '../permission/permissions.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { CreateStepsRepository } from './create-steps.repository.js';
import { CreateUndo } from './create-undo.js';
import { PipelinePublication } from './pipeline-publication.js';
import { PipelineTopics } from './pipeline-topics.js';
import { requiredBase } from './required-base.js';

/**
 * Makes a pipeline step by step, each recorded in its row before it is taken: reserved → index base → topics → tasks
 * placed → policy of the creator → published. Until the last one it is invisible, but it counts and its id and name are taken. A step that fails
 * undoes the earlier ones; what a crash or an unreachable Kafka leaves is undone by the reconciler.
 */
@Injectable()
export class PipelineCreation {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly steps: CreateStepsRepository,
    private readonly indexBases: IndexBaseProvider,
    private readonly topics: PipelineTopics,
    private readonly tasks: TasksRepository,
    private readonly permissions: Permissions,
    private readonly publication: PipelinePublication,
    private readonly undo: CreateUndo,
  ) {}

  /** Resolves when the pipeline is there and the workers know of it. */
  async create(pipeline: Pipeline, creator: CallerAccount): Promise<void> {
    const owner = randomUUID();
    await this.reserve(pipeline, owner);
    try {
      await this.carryOut(pipeline, creator, owner);
    } catch (error) {
      await this.undo.afterFailure(pipeline.id, owner, error);
      throw error;
    }
  }

  /** The unique keys decide who gets an id or a name; reading first would let two win. */
  private async reserve(pipeline: Pipeline, owner: string): Promise<void> {
    const { maxPipelines } = this.config.server;
    try {
      if (!(await this.steps.reserve(pipeline, owner, maxPipelines))) {
        throw new ApiError('CountExceeded.Pipelines', {
          faults: [
            {
              code: 'CountExceeded.Pipelines',
              field: '',
              fault: 'too many pipelines',
              limit: `at most ${maxPipelines}`,
            },
          ],
        });
      }
    } catch (error) {
      throw error instanceof CodedError && error.code === DUPLICATE_KEY ? await this.duplicated(pipeline) : error;
    }
  }

  private async carryOut(pipeline: Pipeline, creator: CallerAccount, owner: string): Promise<void> {
    const { id } = pipeline;
    await this.requireBase(pipeline, owner);
    await this.advance(id, owner, 'topics');
    await this.topics.make(pipeline, async (made) => {
      requireOwner(await this.steps.noteTopics(id, owner, made));
    });
    await this.tasks.place(id, pipeline.deployment.parallelism);
    await this.advance(id, owner, 'policy');
    await this.permissions.registerCreator(creator, id);
    await this.advance(id, owner, 'publishing');
    requireOwner(await this.publication.publishCreated(id, owner));
  }

  private async requireBase({ id, indexBase }: Pipeline, owner: string): Promise<void> {
    const base = await requiredBase(this.indexBases, { indexBase });
    if (base) {
      requireOwner(await this.steps.noteBase(id, owner, base));
    }
  }

  private async advance(id: string, owner: string, step: 'topics' | 'policy' | 'publishing'): Promise<void> {
    requireOwner(await this.steps.advance(id, owner, step));
  }

  private async duplicated({ id, name }: Pipeline): Promise<ApiError> {
    const holders = await this.steps.holders(id, name);
    if (holders.some((holder) => holder.step === 'undoing')) {
      return new ApiError('ServiceUnavailable.CreateUndo', {
        reason: `a create of ${id} or "${name}" is being undone`,
      });
    }
    const isId = holders.some((holder) => holder.id === id);
    const [code, field] = isId
      ? (['Duplicated.PipelineID', 'id'] as const)
      : (['Duplicated.PipelineName', 'name'] as const);
    return new ApiError(code, { faults: [{ code, field, fault: 'is taken' }] });
  }
}

/** A create that was silent for a minute has been taken for dead and is being undone. */
function requireOwner(isOwner: boolean): void {
  if (!isOwner) {
    throw new ApiError('ServiceUnavailable.CreateUndo', { reason: 'the create took too long and was given up' });
  }
}
