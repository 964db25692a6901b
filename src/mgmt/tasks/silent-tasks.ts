import { Injectable } from '@nestjs/common';
import { ReportIntake } from './report-intake.js';
import { TaskReportsRepository } from './task-reports.repository.js';

/** Three times the longest pause between two reports of an idle task. */
const SILENT_MS = 30_000;

/** Tasks whose reports have stopped become `unknown`, and their pipelines show it. */
@Injectable()
export class SilentTasks {
  constructor(
    private readonly reports: TaskReportsRepository,
    private readonly intake: ReportIntake,
  ) {}

  /** Waits until this process has listened as long itself: what nobody heard says nothing about the tasks. */
  async mark(): Promise<void> {
    if (this.intake.listeningMs < SILENT_MS) {
      return;
    }
    const pipelineIds = await this.reports.markSilent(SILENT_MS);
    if (pipelineIds.length > 0) {
      await this.intake.refreshStatus(pipelineIds);
    }
  }
}
