import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { DebugRegistry } from '../../platform/debug/debug-registry.js';
import type { ManagementDto } from '../../platform/debug/management.dto.js';
import { PipelineWatch } from '../pipelines/pipeline-watch.js';
import { Reconciler } from '../reconcile/reconciler.js';
import { ReportIntake } from '../tasks/report-intake.js';

/** What this replica tells of itself below /debug. */
@Injectable()
export class ReplicaReport {
  constructor(
    registry: DebugRegistry,
    private readonly database: Database,
    private readonly watch: PipelineWatch,
    private readonly reconciler: Reconciler,
    private readonly reports: ReportIntake,
  ) {
    registry.provide({
      databasePool: () => ({ ...this.database.poolUse, size: this.database.poolSize }),
      management: () => this.management(),
    });
  }

  private management(): ManagementDto {
    const { waitingTasks, lastWrittenAt, fault } = this.reports.standing;
    return {
      watchers: { callers: this.watch.waiterCount, pipelines: this.watch.pipelineCount },
      reconciler: this.reconciler.runs.report(),
      reports: {
        listening_ms: Math.round(this.reports.listeningMs),
        waiting_tasks: waitingTasks,
        last_written_at: lastWrittenAt,
        fault: fault ?? null,
      },
    };
  }
}
