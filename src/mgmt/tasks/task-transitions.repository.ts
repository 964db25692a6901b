import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { TaskReport } from '../../control/task-report.js';
import { taskKey } from '../../domain/task.js';
import { Database } from '../../platform/database/database.js';
import { NOW_MS } from '../../platform/database/now-ms.js';
import { PipelineTaskEntity } from './pipeline-task.entity.js';
import { TaskTransitionEntity } from './task-transition.entity.js';
import { transitionsOf } from './task-transitions.js';

/** As many are shown, so no more are kept. */
export const KEPT_TRANSITIONS = 100;

/** What tasks went through: the last transitions of each pipeline. */
@Injectable()
export class TaskTransitionsRepository {
  constructor(private readonly database: Database) {}

  /** The last ones of a pipeline, the newest first. */
  async lastOf(pipelineId: string): Promise<TaskTransitionEntity[]> {
    return this.database.run((manager) =>
      manager.find(TaskTransitionEntity, { where: { pipelineId }, order: { id: 'DESC' }, take: KEPT_TRANSITIONS }),
    );
  }

  /**
   * Records what `reports` (in the order of their coming, perhaps several of a task) change of what is stored of the
   * tasks. To be called in the transaction that stores the reports, before it does.
   */
  async record(reports: readonly TaskReport[]): Promise<void> {
    await this.database.run(async (manager) => {
      const pipelineIds = [...new Set(reports.map(({ pipelineId }) => pipelineId))];
      const stored = await manager.find(PipelineTaskEntity, {
        where: { pipelineId: In(pipelineIds) },
        // Who removes the tasks meanwhile waits, and takes these transitions away with them.
        lock: { mode: 'pessimistic_write' },
      });
      const transitions = transitionsOf(reports, new Map(stored.map((task) => [taskKey(task), task])));
      if (transitions.length === 0) {
        return;
      }
      await manager
        .createQueryBuilder()
        .insert()
        .into(TaskTransitionEntity, [
          ...(['pipelineId', 'index', 'time', 'state', 'cause', 'causeCode', 'workerId', 'revision'] as const),
        ])
        .values(transitions.map((transition) => ({ ...transition, time: () => NOW_MS })))
        .execute();
      for (const pipelineId of new Set(transitions.map((transition) => transition.pipelineId))) {
        await this.prune(pipelineId);
      }
    });
  }

  /** The tasks of these pipelines that have just been marked as `unknown`. */
  async recordSilent(pipelineIds: readonly string[]): Promise<void> {
    await this.database.run((manager) =>
      manager.query(
        `INSERT INTO t_stream_data_pipeline_task_transition
          (f_pipeline_id, f_task_index, f_time, f_state, f_cause, f_cause_code, f_worker_id, f_revision)
        SELECT f_pipeline_id, f_task_index, f_since, f_state, f_cause, f_cause_code, f_worker_id, f_revision
        FROM t_stream_data_pipeline_task t WHERE f_state = 'unknown' AND f_pipeline_id IN (?)
          AND NOT EXISTS (SELECT 1 FROM t_stream_data_pipeline_task_transition r WHERE r.f_pipeline_id = t.f_pipeline_id
            AND r.f_task_index = t.f_task_index AND r.f_state = 'unknown' AND r.f_time = t.f_since)`,
        [pipelineIds],
      ),
    );
  }

  private async prune(pipelineId: string): Promise<void> {
    await this.database.run((manager) =>
      manager.query(
        `DELETE FROM t_stream_data_pipeline_task_transition WHERE f_pipeline_id = ? AND f_id < (
          SELECT MIN(f_id) FROM (SELECT f_id FROM t_stream_data_pipeline_task_transition
            WHERE f_pipeline_id = ? ORDER BY f_id DESC LIMIT ${KEPT_TRANSITIONS}) kept)`,
        [pipelineId, pipelineId],
      ),
    );
  }
}
