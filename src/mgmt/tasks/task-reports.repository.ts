import { Injectable } from '@nestjs/common';
import type { DesiredState, PipelineStatus } from '../../domain/pipeline.js';
import { Database } from '../../platform/database/database.js';
import { NOW_MS } from '../../platform/database/now-ms.js';
import type { TaskReport } from '../../control/task-report.js';
import { fittingTexts } from './fitting-report.js';
import type { GatheredReports } from './report-buffer.js';
import { TaskTransitionsRepository } from './task-transitions.repository.js';

const NO_WORKER_TEXT = 'No worker has taken this task: start a process with --role worker, and see its /health/ready';
const SILENT_REMEDY = ' s: see whether it runs and what its /health and log say; it reports through Kafka (mq.mqHost)';

/** Columns that a report sets, and where in it they are. */
const REPORTED: readonly (readonly [string, (report: TaskReport) => string | number])[] = [
  ['f_worker_id', (report) => fittingTexts(report).workerId],
  ['f_generation', (report) => report.generation],
  ['f_sequence', (report) => report.sequence],
  ['f_revision', (report) => report.revision],
  ['f_state', (report) => report.state],
  ['f_cause', (report) => fittingTexts(report).cause],
  ['f_cause_code', (report) => fittingTexts(report).causeCode],
  ['f_since', (report) => report.since],
  ['f_reported_at', (report) => report.reportedAt],
  ['f_attempts', (report) => report.attempts],
  ['f_next_attempt_at', (report) => report.nextAttemptAt],
  ['f_cpu_percent', (report) => report.cpuPercent],
  ['f_memory_bytes', (report) => Math.round(report.memoryBytes)],
  ['f_lag_records', (report) => Math.round(report.lagRecords)],
  ['f_lag_seconds', (report) => report.lagSeconds],
  ['f_records_in_per_sec', (report) => report.recordsInPerSec],
  ['f_indexed_per_sec', (report) => report.indexedPerSec],
  ['f_rejected_per_sec', (report) => report.rejectedPerSec],
];

export interface ShownStatus {
  pipelineId: string;
  /** The status holds only as long as this is what callers want. */
  desired: DesiredState;
  status: PipelineStatus;
  details: string;
}

/** What reports change: the tasks' last words, and the status that users see. Nothing that callers own. */
@Injectable()
export class TaskReportsRepository {
  constructor(
    private readonly database: Database,
    private readonly transitions: TaskTransitionsRepository,
  ) {}

  /**
   * Keeps each report that is newer than the stored one by (generation, sequence), all in one statement, and what
   * changed on the way. Reports of tasks that do not exist do nothing.
   */
  async store({ latest: reports, changes }: GatheredReports): Promise<void> {
    await this.database.transaction(async () => {
      await this.transitions.record(changes);
      await this.update(reports);
    });
  }

  private async update(reports: readonly TaskReport[]): Promise<void> {
    const columns = REPORTED.map(([column]) => column);
    const one = `SELECT CONVERT(? USING utf8mb4) COLLATE utf8mb4_nopad_bin AS id, ? AS task_index, ${columns.map((column) => `? AS ${column}`).join(', ')}`;
    const sql = `UPDATE t_stream_data_pipeline_task t JOIN (${reports.map(() => one).join(' UNION ALL ')}) r
      ON t.f_pipeline_id = r.id AND t.f_task_index = r.task_index
      SET ${columns.map((column) => `t.${column} = r.${column}`).join(', ')}, t.f_report_time = ${NOW_MS}
      WHERE r.f_generation > t.f_generation OR (r.f_generation = t.f_generation AND r.f_sequence > t.f_sequence)`;
    const values = reports.flatMap((report) => [
      report.pipelineId,
      report.index,
      ...REPORTED.map(([, value]) => value(report)),
    ]);
    await this.database.run((manager) => manager.query(sql, values));
  }

  /** Pipelines that should run and have tasks without a report for `silentMs`. These tasks become `unknown`. */
  async markSilent(silentMs: number): Promise<string[]> {
    const silent = `f_report_time < ${NOW_MS} - ? AND f_state <> 'unknown' AND f_pipeline_id IN (
      SELECT CONVERT(f_pipeline_id USING utf8mb4) COLLATE utf8mb4_nopad_bin FROM t_stream_data_pipeline
      WHERE f_desired = 'running' AND f_step = '' AND f_revision > 0)`;
    return this.database.transaction(async (manager) => {
      const rows: { id: string }[] = await manager.query(
        `SELECT DISTINCT f_pipeline_id AS id FROM t_stream_data_pipeline_task WHERE ${silent} FOR UPDATE`,
        [silentMs],
      );
      if (rows.length === 0) {
        return [];
      }
      await manager.query(
        `UPDATE t_stream_data_pipeline_task SET
          f_cause = IF(f_worker_id = '', '${NO_WORKER_TEXT}',
            CONCAT('Its worker ', f_worker_id, ' has not reported for more than ', ?, '${SILENT_REMEDY}')),
          f_cause_code = IF(f_worker_id = '', 'NO_WORKER', 'REPORTS_STOPPED'),
          f_state = 'unknown', f_since = ${NOW_MS}
        WHERE ${silent}`,
        [Math.round(silentMs / 1000), silentMs],
      );
      await this.transitions.recordSilent(rows.map(({ id }) => id));
      return rows.map(({ id }) => id);
    });
  }

  /** Shows these statuses, each only where callers still want what it was derived from. */
  async show(statuses: readonly ShownStatus[]): Promise<void> {
    const byId = (value: string) => `CASE f_pipeline_id ${statuses.map(() => `WHEN ? THEN ${value}`).join(' ')} END`;
    const sql = `UPDATE t_stream_data_pipeline SET
      f_pipeline_status = ${byId('?')}, f_pipeline_status_details = ${byId('?')}
      WHERE (f_pipeline_id, f_desired) IN (${statuses.map(() => '(?, ?)').join(', ')})`;
    const values = [
      ...statuses.flatMap(({ pipelineId, status }) => [pipelineId, status]),
      ...statuses.flatMap(({ pipelineId, details }) => [pipelineId, details]),
      ...statuses.flatMap(({ pipelineId, desired }) => [pipelineId, desired]),
    ];
    await this.database.run((manager) => manager.query(sql, values));
  }
}
