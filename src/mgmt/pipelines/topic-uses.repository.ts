import { Injectable } from '@nestjs/common';
import type { Pipeline } from '../../domain/pipeline.js';
import { Database } from '../../platform/database/database.js';
import { PipelineEntity } from './pipeline.entity.js';

/**
 * Which pipelines need a topic, by their rows: those being made and deleted count. A row names its topics before they are
 * made, so who asks under the lock of the topic deletes nothing that somebody is about to use.
 */
@Injectable()
export class TopicUsesRepository {
  constructor(private readonly database: Database) {}

  /**
   * Ids of the others that may write to the pipeline's output topic (they name its base, take bases from the data, or have
   * a handler that routes), or read from it.
   */
  async usersOfOutput({ id, indexBase, topics }: Pipeline): Promise<string[]> {
    // Contained is a list with a handler of this type, whatever its options; not one that has the text elsewhere.
    const routes = `JSON_CONTAINS(p.handlers, '{"type":"route"}')`;
    const writes = `p.indexBase = :indexBase OR p.outputTopic = :topic OR p.useIndexBaseInData = 1 OR ${routes}`;
    const rows = await this.database.run((manager) =>
      manager
        .createQueryBuilder(PipelineEntity, 'p')
        .select('p.id')
        .where(`p.id <> :id AND (${writes} OR p.inputTopic = :topic)`, { id, indexBase, topic: topics.output ?? '' })
        .orderBy('p.id')
        .getMany(),
    );
    return rows.map((row) => row.id);
  }

  /** True when another pipeline has the topic as its input. */
  async isReadByOthers(topic: string, id: string): Promise<boolean> {
    return this.database.run((manager) =>
      manager
        .createQueryBuilder(PipelineEntity, 'p')
        .where('p.id <> :id AND p.inputTopic = :topic', { id, topic })
        .getExists(),
    );
  }

  /** True when any pipeline has the topic. */
  async isNamed(topic: string): Promise<boolean> {
    return this.database.run((manager) =>
      manager.existsBy(PipelineEntity, [{ inputTopic: topic }, { errorTopic: topic }, { outputTopic: topic }]),
    );
  }
}
