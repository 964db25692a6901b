import { Injectable } from '@nestjs/common';
import { CodedError } from '../../domain/coded-error.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { TopicNames } from '../../domain/topic-names.js';
import { Database } from '../../platform/database/database.js';
import { TopicAdmin } from '../../platform/kafka/topic-admin.js';
import { topicLock } from './topic-lock.js';
import { TopicUsesRepository } from './topic-uses.repository.js';

/** Takes the topics and the consumer group of a pipeline away; what somebody else needs stays. Everything is repeatable. */
@Injectable()
export class TopicRemoval {
  constructor(
    private readonly admin: TopicAdmin,
    private readonly database: Database,
    private readonly uses: TopicUsesRepository,
    private readonly names: TopicNames,
  ) {}

  groupOf(pipelineId: string): string {
    return this.names.group(pipelineId);
  }

  /** True while a task of the pipeline, or somebody else, is a member of its consumer group. */
  async isRead(pipelineId: string): Promise<boolean> {
    return (await this.admin.groupMembers(this.groupOf(pipelineId))) > 0;
  }

  /** False, and nothing is done, while the group has members. */
  async deleteGroup(pipelineId: string): Promise<boolean> {
    if (await this.isRead(pipelineId)) {
      return false;
    }
    try {
      await this.admin.deleteGroup(this.groupOf(pipelineId));
      return true;
    } catch (error) {
      // A task that was just starting has joined since the look at the group.
      if (isGroupJoined(error)) {
        return false;
      }
      throw error;
    }
  }

  /** The owner's own input topic stays, and so does one that another pipeline reads. */
  async deleteInput({ id, topics, hasOwnInputTopic }: Pipeline): Promise<void> {
    if (!hasOwnInputTopic) {
      await this.deleteUnlessRead(topics.input, id);
    }
  }

  /** It stays when another pipeline reads it. */
  async deleteError({ id, topics }: Pipeline): Promise<void> {
    await this.deleteUnlessRead(topics.error, id);
  }

  /**
   * Deletes the output topic if nobody else needs it, then lets `release` take the row away, both under the lock of the
   * topic: of two that go at once, the later one finds itself alone. False when the topic stays.
   */
  async releaseOutput(pipeline: Pipeline, release: () => Promise<void>): Promise<boolean> {
    const { output } = pipeline.topics;
    if (!output) {
      await release();
      return false;
    }
    return this.database.withLock(topicLock(output), async () => {
      const isUnused = (await this.uses.usersOfOutput(pipeline)).length === 0;
      if (isUnused) {
        await this.admin.deleteTopics([output]);
      }
      await release();
      return isUnused;
    });
  }

  /** Deletes what a create made; an output topic only if nobody else needs it by now. */
  async unmake(pipeline: Pipeline, made: readonly string[]): Promise<void> {
    const { output } = pipeline.topics;
    for (const topic of made.filter((name) => name !== output)) {
      await this.deleteUnlessRead(topic, pipeline.id);
    }
    if (output && made.includes(output)) {
      await this.releaseOutput(pipeline, () => Promise.resolve());
    }
  }

  /** Deletes those that no row names any more: made by a create that others have undone meanwhile. */
  async deleteUnnamed(topics: readonly string[]): Promise<void> {
    for (const topic of topics) {
      await this.deleteUnless(topic, () => this.uses.isNamed(topic));
    }
  }

  private async deleteUnlessRead(topic: string, id: string): Promise<void> {
    await this.deleteUnless(topic, () => this.uses.isReadByOthers(topic, id));
  }

  private async deleteUnless(topic: string, isNeeded: () => Promise<boolean>): Promise<void> {
    // One that was taken over under an id for which there are no topics has none.
    if (topic === '') {
      return;
    }
    await this.database.withLock(topicLock(topic), async () => {
      if (!(await isNeeded())) {
        await this.admin.deleteTopics([topic]);
      }
    });
  }
}

function isGroupJoined(error: unknown): boolean {
  return error instanceof CodedError && (error.details as { type?: string } | undefined)?.type === 'NON_EMPTY_GROUP';
}
