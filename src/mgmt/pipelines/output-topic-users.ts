import { Injectable } from '@nestjs/common';
import type { Pipeline } from '../../domain/pipeline.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { ApiError } from '../errors/api-error.js';
import { Permissions } from '../permission/permissions.js';
import { PipelinesRepository } from './pipelines.repository.js';
import { TopicUsesRepository } from './topic-uses.repository.js';

/** Who keeps an output topic from being deleted, and how callers are told. */
@Injectable()
export class OutputTopicUsers {
  constructor(
    private readonly uses: TopicUsesRepository,
    private readonly pipelines: PipelinesRepository,
    private readonly permissions: Permissions,
  ) {}

  /** Ids of the other pipelines; empty when the topic may go, or there is none. */
  async besides(pipeline: Pipeline): Promise<string[]> {
    return pipeline.topics.output ? this.uses.usersOfOutput(pipeline) : [];
  }

  /** Names those that the account may view; of the others it learns the number alone. */
  async conflict(ids: readonly string[], account: CallerAccount): Promise<ApiError> {
    const visible = await this.permissions.filter(account, 'view_detail', () => this.pipelines.ids());
    const pipelines = ids.filter((id) => visible?.has(id) ?? true);
    return new ApiError('Conflict.OutputTopicInUse', { pipelines, hidden_pipelines: ids.length - pipelines.length });
  }
}
