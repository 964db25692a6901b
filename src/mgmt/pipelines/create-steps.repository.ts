import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { IndexBase } from '../../domain/index-base.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { Database } from '../../platform/database/database.js';
import { NOW_MS } from '../../platform/database/now-ms.js';
import { PipelineEntity } from './pipeline.entity.js';
import { toPipeline, toRow } from './pipeline-row.js';

/** Where a create stands; the row is invisible until there is no step left. */
export type CreateStep = 'reserved' | 'topics' | 'policy' | 'publishing' | 'undoing';

const UNDOABLE: readonly CreateStep[] = ['reserved', 'topics', 'policy', 'publishing'];

export interface UnfinishedCreate {
  pipeline: Pipeline;
  step: CreateStep;
  /** Topics that this create may have made, and nobody else. */
  madeTopics: string[];
}

/** The steps of creates, recorded in the rows so that any replica can undo what a crash left. */
@Injectable()
export class CreateStepsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Inserts the pipeline as a reservation of its id and name. False when there are `maxPipelines` rows already, those
   * being made included; rejects with DUPLICATE_KEY when the id or the name is taken.
   */
  async reserve(pipeline: Pipeline, owner: string, maxPipelines: number): Promise<boolean> {
    return this.database.withLock('count of pipelines', () =>
      this.database.run(async (manager) => {
        if ((await manager.count(PipelineEntity)) >= maxPipelines) {
          return false;
        }
        await manager.insert(PipelineEntity, {
          ...toRow(pipeline),
          step: 'reserved',
          stepOwner: owner,
          stepTime: () => NOW_MS,
          madeTopics: '[]',
          adaptDue: false,
        });
        return true;
      }),
    );
  }

  /** Steps of the rows that hold this id or name; '' for a pipeline that is there. */
  async holders(id: string, name: string): Promise<{ id: string; name: string; step: CreateStep | '' }[]> {
    const rows = await this.database.run((manager) => manager.findBy(PipelineEntity, [{ id }, { name }]));
    return rows.map((row) => ({ id: row.id, name: row.name, step: row.step as CreateStep | '' }));
  }

  /** False when this create is no longer the owner's: another replica took it for dead. */
  async advance(id: string, owner: string, step: CreateStep | ''): Promise<boolean> {
    return this.update(id, owner, { step });
  }

  /** Shows that the owner is alive, between two steps. */
  async beat(id: string, owner: string): Promise<void> {
    await this.update(id, owner, {});
  }

  async noteBase(id: string, owner: string, base: IndexBase): Promise<boolean> {
    return this.update(id, owner, { baseDetails: JSON.stringify(base) });
  }

  /** Recorded before they are made, so that no crash can leave one behind. */
  async noteTopics(id: string, owner: string, topics: readonly string[]): Promise<boolean> {
    return this.update(id, owner, { madeTopics: JSON.stringify(topics) });
  }

  /** Ends the owner's create and hands it to the undo. Undefined when it is not the owner's any more, or done. */
  async beginUndo(id: string, owner: string): Promise<UnfinishedCreate | undefined> {
    const isMine = await this.update(id, owner, { step: 'undoing', stepOwner: '' });
    return isMine ? this.unfinished(id) : undefined;
  }

  /** Takes over creates whose owner has been silent for `silentMs`, and answers all that are to be undone. */
  async takeOverStale(silentMs: number): Promise<UnfinishedCreate[]> {
    return this.database.run(async (manager) => {
      await manager
        .createQueryBuilder()
        .update(PipelineEntity)
        .set({ step: 'undoing', stepOwner: '', stepTime: () => NOW_MS })
        .where({ step: In([...UNDOABLE]) })
        .andWhere(`f_step_time < ${NOW_MS} - :silentMs`, { silentMs })
        .execute();
      return (await manager.findBy(PipelineEntity, { step: 'undoing' })).map(toUnfinished);
    });
  }

  /** The end of an undo and of a delete. */
  async removeRow(id: string): Promise<void> {
    await this.database.run((manager) => manager.delete(PipelineEntity, { id }));
  }

  /** Undefined when it is not being undone. */
  async unfinished(id: string): Promise<UnfinishedCreate | undefined> {
    const row = await this.database.run((manager) => manager.findOneBy(PipelineEntity, { id, step: 'undoing' }));
    return row ? toUnfinished(row) : undefined;
  }

  private async update(id: string, owner: string, change: Partial<PipelineEntity>): Promise<boolean> {
    const { affected } = await this.database.run((manager) =>
      manager.update(
        PipelineEntity,
        { id, stepOwner: owner, step: In([...UNDOABLE]) },
        { ...change, stepTime: () => NOW_MS },
      ),
    );
    return affected === 1;
  }
}

function toUnfinished(row: PipelineEntity): UnfinishedCreate {
  return {
    pipeline: toPipeline(row),
    step: row.step as CreateStep,
    madeTopics: JSON.parse(row.madeTopics) as string[],
  };
}
