import { Injectable } from '@nestjs/common';
import type { IndexBase } from '../../domain/index-base.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { Database } from '../../platform/database/database.js';
import { PipelineEntity } from './pipeline.entity.js';
import { baseDetailsOf, toPipeline } from './pipeline-row.js';

/** What there is to be told. */
export interface Publication {
  pipeline: Pipeline;
  /** Undefined when the pipeline has no base of its own, or none was recorded. */
  base: IndexBase | undefined;
}

/** Which revision of each pipeline the workers have been told. */
@Injectable()
export class PublicationsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Runs `adapt` under the lock of the row when a change was recorded that topics and tasks do not have yet, then records
   * that they have. False without a call when there is nothing to adapt.
   */
  async adaptLocked(id: string, adapt: (pipeline: Pipeline) => Promise<void>): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const where = { id, step: '', adaptDue: true };
      const row = await manager.findOne(PipelineEntity, { where, lock: { mode: 'pessimistic_write' } });
      if (!row) {
        return false;
      }
      await adapt(toPipeline(row));
      await manager.update(PipelineEntity, { id }, { adaptDue: false });
      return true;
    });
  }

  /**
   * Runs `publish` under the lock of the row, then records its revision as published. False without a call when there
   * is nothing to publish: no such row, told already, or topics and tasks have to follow a change first.
   */
  async publishLocked(id: string, publish: (publication: Publication) => Promise<void>): Promise<boolean> {
    return this.underLock({ id, step: '' }, publish, (row) => row.publishedRevision < row.revision && !row.adaptDue);
  }

  /** As {@link publishLocked}, and the create is done with it. False when the create is not the owner's any more. */
  async publishCreated(
    id: string,
    owner: string,
    publish: (publication: Publication) => Promise<void>,
  ): Promise<boolean> {
    return this.underLock({ id, step: 'publishing', stepOwner: owner }, publish, () => true);
  }

  /** Pipelines whose workers have not been told the last change. */
  async behind(): Promise<string[]> {
    const rows = await this.database.run((manager) =>
      manager
        .createQueryBuilder(PipelineEntity, 'p')
        .where("p.step = '' AND p.publishedRevision < p.revision")
        .getMany(),
    );
    return rows.map(({ id }) => id);
  }

  private async underLock(
    where: { id: string; step: string; stepOwner?: string },
    publish: (publication: Publication) => Promise<void>,
    isDue: (row: PipelineEntity) => boolean,
  ): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const row = await manager.findOne(PipelineEntity, { where, lock: { mode: 'pessimistic_write' } });
      if (!row || !isDue(row)) {
        return false;
      }
      await publish({ pipeline: toPipeline(row), base: baseDetailsOf(row) });
      await manager.update(
        PipelineEntity,
        { id: row.id },
        { publishedRevision: row.revision, step: '', stepOwner: '' },
      );
      return true;
    });
  }
}
