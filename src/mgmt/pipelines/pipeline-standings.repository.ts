import { Injectable } from '@nestjs/common';
import type { PipelineStatus } from '../../domain/pipeline.js';
import { Database } from '../../platform/database/database.js';

/** What is wanted of a pipeline, and what its tasks last said. */
export interface PipelineStanding {
  pipelineId: string;
  status: PipelineStatus;
  tasksDesired: number;
  /** Tasks that run, those included that wait for a fault outside to pass. */
  tasksRunning: number;
  isUnpublished: boolean;
}

interface Row {
  pipelineId: string;
  status: PipelineStatus;
  tasksDesired: unknown;
  tasksRunning: unknown;
  isUnpublished: unknown;
}

/** As {@link derivePipelineStatus}: a task that waits is still running. The tables may differ in their collation. */
const STANDINGS = `SELECT
    p.f_pipeline_id AS pipelineId,
    p.f_pipeline_status AS status,
    IF(p.f_desired = 'running', COALESCE(JSON_VALUE(p.f_deployment_config, '$.parallelism'), 1), 0) AS tasksDesired,
    (SELECT COUNT(*) FROM t_stream_data_pipeline_task t
      WHERE t.f_pipeline_id = CONVERT(p.f_pipeline_id USING utf8mb4) COLLATE utf8mb4_nopad_bin
        AND t.f_state IN ('running', 'waiting')) AS tasksRunning,
    p.f_published_revision < p.f_revision AS isUnpublished
  FROM t_stream_data_pipeline p WHERE p.f_step = ''`;

/** How all pipelines stand, in one query. */
@Injectable()
export class PipelineStandingsRepository {
  constructor(private readonly database: Database) {}

  async all(): Promise<PipelineStanding[]> {
    const rows: Row[] = await this.database.run((manager) => manager.query(STANDINGS));
    return rows.map(({ pipelineId, status, ...row }) => ({
      pipelineId,
      status,
      tasksDesired: Number(row.tasksDesired),
      tasksRunning: Number(row.tasksRunning),
      isUnpublished: Number(row.isUnpublished) === 1,
    }));
  }
}
