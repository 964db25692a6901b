import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { PipelinesRepository } from './pipelines.repository.js';
import { RemovalSteps } from './removal-steps.js';
import { TopicRemoval } from './topic-removal.js';

/** What follows once a pipeline's tasks are told to stop. */
@Injectable()
export class DeletionSteps {
  constructor(
    private readonly database: Database,
    private readonly pipelines: PipelinesRepository,
    private readonly topics: TopicRemoval,
    private readonly removal: RemovalSteps,
  ) {}

  /** True when the pipeline is gone; false while its tasks have not stopped. */
  async finish(id: string): Promise<boolean> {
    if (await this.topics.isRead(id)) {
      return false;
    }
    return this.database.withLock(`deletion of ${id}`, async () => {
      const pipeline = await this.pipelines.find(id);
      // Another replica may have finished, and a new pipeline of this id may be there: only what is deleting goes.
      return pipeline?.desired === 'deleting' ? this.removal.carryOut(pipeline) : true;
    });
  }

  /** What a deletion that is not finished waits for, in words. */
  waitsFor(id: string): string {
    const group = this.topics.groupOf(id);
    return `Waits until consumer group ${group} has no members: if no task of the pipeline is left, end the other consumers in it`;
  }
}
