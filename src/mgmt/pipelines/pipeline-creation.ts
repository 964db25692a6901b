import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, AppConfig } from '../../config/app-config.js';
import { CodedError } from '../../domain/coded-error.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { DUPLICATE_KEY } from '../../platform/database/database-fault.js';
import { FailPoints } from '../../platform/fail-points/fail-points.js';
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

/** How often a create shows that its process is alive: several times before it would be taken for dead. */
const BEAT_MS = 4000;

/** A create under way: it fails as soon as another replica has taken it for dead. */
interface Create {
  pipeline: Pipeline;
  creator: CallerAccount;
  owner: string;
  /** Topics that it may have made; grows. */
  madeTopics: readonly string[];
}

/**
 * Makes a pipeline step by step, each recorded in its row before it is taken: reserved → index base → topics → tasks
 * placed → policy of the creator → published. Until the last one it is invisible, but it counts and its id and name are
 * taken. A step that fails undoes the earlier ones; what a crash or an unreachable Kafka leaves is undone by the reconciler.
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
    private readonly failPoints: FailPoints,
  ) {}

  /** Resolves when the pipeline is there and the workers know of it. */
  async create(pipeline: Pipeline, creator: CallerAccount): Promise<void> {
    const { id } = pipeline;
    const create: Create = { pipeline, creator, owner: randomUUID(), madeTopics: [] };
    await this.reserve(pipeline, create.owner);
    this.failPoints.reached('create.reserved', id);
    // A beat that fails is silence, which says the same.
    const beat = setInterval(() => void this.steps.beat(id, create.owner).catch(() => undefined), BEAT_MS);
    try {
      await this.carryOut(create);
    } catch (cause) {
      await this.undo.afterFailure({ id, owner: create.owner, madeTopics: create.madeTopics, cause });
      throw cause;
    } finally {
      clearInterval(beat);
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

  private async carryOut(create: Create): Promise<void> {
    const { pipeline, creator, owner } = create;
    const { id } = pipeline;
    await this.requireBase(pipeline, owner);
    this.failPoints.reached('create.base_noted', id);
    await this.advance(id, owner, 'topics');
    await this.makeTopics(create);
    await this.tasks.place(id, pipeline.deployment.parallelism);
    this.failPoints.reached('create.tasks_placed', id);
    await this.advance(id, owner, 'policy');
    await this.permissions.registerCreator(creator, id);
    this.failPoints.reached('create.policy_registered', id);
    await this.advance(id, owner, 'publishing');
    requireOwner(await this.publication.publishCreated(id, owner));
    this.failPoints.reached('create.published', id);
  }

  private async requireBase({ id, indexBase }: Pipeline, owner: string): Promise<void> {
    const base = await requiredBase(this.indexBases, { indexBase });
    if (base) {
      requireOwner(await this.steps.noteBase(id, owner, base));
    }
  }

  private async makeTopics(create: Create): Promise<void> {
    const { pipeline, owner } = create;
    const { id } = pipeline;
    await this.topics.make(pipeline, {
      note: async (topics) => {
        requireOwner(await this.steps.noteTopics(id, owner, topics));
        create.madeTopics = [...topics];
        this.failPoints.reached('create.topics_noted', id);
      },
      made: (kind) => this.failPoints.reached(`create.${kind}_made`, id),
    });
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

/** A create that was silent for too long has been taken for dead and is being undone. */
function requireOwner(isOwner: boolean): void {
  if (!isOwner) {
    throw new ApiError('ServiceUnavailable.CreateUndo', { reason: 'the create took too long and was given up' });
  }
}
