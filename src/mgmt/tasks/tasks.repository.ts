import { Injectable } from '@nestjs/common';
import { In, MoreThanOrEqual } from 'typeorm';
import { CONTROL_PARTITIONS } from '../../control/control-topic.js';
import type { TaskState } from '../../domain/task.js';
import { Database } from '../../platform/database/database.js';
import { NOW_MS } from '../../platform/database/now-ms.js';
import { PipelineTaskEntity } from './pipeline-task.entity.js';
import type { PlacedTask, ReportedTask } from './placed-task.js';
import { leastUsedSlots } from './slots.js';
import { TaskTransitionEntity } from './task-transition.entity.js';

/** Where tasks are placed. Slots are given once and kept, since each is where the workers read of its tasks. */
@Injectable()
export class TasksRepository {
  constructor(private readonly database: Database) {}

  /** Gives the pipeline's tasks their slots; tasks that have one keep it. */
  async place(pipelineId: string, parallelism: number): Promise<void> {
    if ((await this.unplaced(pipelineId, parallelism)).length === 0) {
      return;
    }
    await this.database.withLock('slots of tasks', async () => {
      const missing = await this.unplaced(pipelineId, parallelism);
      const slots = leastUsedSlots(await this.slotCounts(), CONTROL_PARTITIONS, missing.length);
      await this.insert(missing.map((index, at) => ({ pipelineId, index, slot: slots[at] ?? 0 })));
    });
  }

  /** In the order of their indices. */
  async placedOf(pipelineId: string): Promise<PlacedTask[]> {
    const rows = await this.database.run((manager) =>
      manager.find(PipelineTaskEntity, { where: { pipelineId }, order: { index: 'ASC' } }),
    );
    return rows.map(({ index, slot }) => ({ pipelineId, index, slot }));
  }

  /** In the order of pipelines and indices. */
  async reportedOf(pipelineIds: readonly string[]): Promise<ReportedTask[]> {
    const rows = await this.database.run((manager) =>
      manager.find(PipelineTaskEntity, {
        where: { pipelineId: In([...pipelineIds]) },
        order: { pipelineId: 'ASC', index: 'ASC' },
      }),
    );
    return rows.map(toReportedTask);
  }

  /** Tasks that begin anew are given time for their first report. */
  async expectReports(pipelineId: string): Promise<void> {
    await this.database.run((manager) =>
      manager.update(
        PipelineTaskEntity,
        { pipelineId },
        { state: 'starting', cause: '', causeCode: '', attempts: 0, nextAttemptAt: 0, reportTime: () => NOW_MS },
      ),
    );
  }

  async remove(pipelineId: string): Promise<void> {
    await this.database.run(async (manager) => {
      await manager.delete(PipelineTaskEntity, { pipelineId });
      await manager.delete(TaskTransitionEntity, { pipelineId });
    });
  }

  async removeBeyond(pipelineId: string, parallelism: number): Promise<void> {
    await this.database.run((manager) =>
      manager.delete(PipelineTaskEntity, { pipelineId, index: MoreThanOrEqual(parallelism) }),
    );
  }

  /** Tasks whose pipeline's row is gone. */
  async orphans(): Promise<PlacedTask[]> {
    const rows = await this.database.run((manager) =>
      manager
        .createQueryBuilder(PipelineTaskEntity, 't')
        // The table of pipelines may be an older one with a collation of its own.
        .where(
          't.pipelineId NOT IN (SELECT CONVERT(f_pipeline_id USING utf8mb4) COLLATE utf8mb4_nopad_bin FROM t_stream_data_pipeline)',
        )
        .getMany(),
    );
    return rows.map(({ pipelineId, index, slot }) => ({ pipelineId, index, slot }));
  }

  private async unplaced(pipelineId: string, parallelism: number): Promise<number[]> {
    const placed = new Set((await this.placedOf(pipelineId)).map(({ index }) => index));
    return indices(parallelism).filter((index) => !placed.has(index));
  }

  private async slotCounts(): Promise<Map<number, number>> {
    const rows = await this.database.run((manager) =>
      manager
        .createQueryBuilder(PipelineTaskEntity, 't')
        .select('t.slot', 'slot')
        .addSelect('COUNT(*)', 'tasks')
        .groupBy('t.slot')
        .getRawMany<{ slot: unknown; tasks: unknown }>(),
    );
    return new Map(rows.map(({ slot, tasks }) => [Number(slot), Number(tasks)]));
  }

  private async insert(tasks: readonly PlacedTask[]): Promise<void> {
    if (tasks.length === 0) {
      return;
    }
    await this.database.run((manager) =>
      manager
        .createQueryBuilder()
        .insert()
        .into(PipelineTaskEntity, ['pipelineId', 'index', 'slot', 'reportTime'])
        .values(tasks.map((task) => ({ ...task, reportTime: () => NOW_MS })))
        .execute(),
    );
  }
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function toReportedTask(row: PipelineTaskEntity): ReportedTask {
  const { generation: _generation, sequence: _sequence, reportTime: _reportTime, ...task } = row;
  return { ...task, state: row.state as TaskState };
}
