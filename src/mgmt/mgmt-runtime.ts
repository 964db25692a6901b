import { Injectable } from '@nestjs/common';
import { ReportSubscriber } from '../control/report-subscriber.js';
import { HealthRegistry } from '../platform/health/health-registry.js';
import { DatabaseStart } from './database-start.js';
import { Dependencies } from './dependencies.js';
import { PipelineWatch } from './pipelines/pipeline-watch.js';
import { PreviewThreads } from './preview/preview-threads.js';
import { Reconciler } from './reconcile/reconciler.js';
import { ReportIntake } from './tasks/report-intake.js';

/** What the management half does beside answering requests. */
@Injectable()
export class MgmtRuntime {
  private starting: Promise<void> = Promise.resolve();

  constructor(
    private readonly databaseStart: DatabaseStart,
    private readonly reports: ReportSubscriber,
    private readonly intake: ReportIntake,
    private readonly reconciler: Reconciler,
    private readonly dependencies: Dependencies,
    private readonly watch: PipelineWatch,
    private readonly previews: PreviewThreads,
    private readonly health: HealthRegistry,
  ) {}

  /** Returns at once: probes are answered while MariaDB, Kafka and OpenSearch are still being waited for. */
  start(): Promise<void> {
    this.dependencies.registerHealth();
    this.health.onDrain(() => this.watch.stop());
    this.starting = this.startOnceConnected();
    return Promise.resolve();
  }

  /** Also safe when it was never started. Requests must have ended before. */
  async stop(): Promise<void> {
    this.databaseStart.giveUp();
    this.watch.stop();
    await this.starting;
    await Promise.all([this.reports.stop(), this.reconciler.stop(), this.previews.close()]);
    await this.intake.stop();
    await this.dependencies.close();
  }

  private async startOnceConnected(): Promise<void> {
    if (!(await this.databaseStart.connected())) {
      return;
    }
    this.intake.start();
    this.reports.start((reports) => this.intake.take(reports));
    this.reconciler.start();
  }
}
