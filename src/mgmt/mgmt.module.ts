import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { DatabaseGauges } from '../platform/database/database-gauges.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { FailPoints } from '../platform/fail-points/fail-points.js';
import { LOGGER, type Logger } from '../platform/logging/logger.js';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import { adapters } from './adapters.js';
import { accountPlace } from './debug/account-place.js';
import { ReplicaReport } from './debug/replica-report.js';
import { accountControllers } from '../platform/debug/debug.module.js';
import { DatabaseStart } from './database-start.js';
import { Dependencies } from './dependencies.js';
import { ErrorPageController } from './http/error-page.controller.js';
import { MgmtRuntime } from './mgmt-runtime.js';
import { AccessGuard } from './auth/access.guard.js';
import { authenticationProvider } from './auth/authentication.provider.js';
import { permissionsProvider } from './permission/permissions.provider.js';
import { PoliciesController } from './permission/policies.controller.js';
import { PoliciesRepository } from './permission/policies.repository.js';
import { PoliciesService } from './permission/policies.service.js';
import { PolicyEntity } from './permission/policy.entity.js';
import { AttributeChange } from './pipelines/attribute-change.js';
import { CreateStepsRepository } from './pipelines/create-steps.repository.js';
import { CreateUndo } from './pipelines/create-undo.js';
import { DeletionSteps } from './pipelines/deletion-steps.js';
import { OutputTopicUsers } from './pipelines/output-topic-users.js';
import { PipelineEntity } from './pipelines/pipeline.entity.js';
import { PipelineCreation } from './pipelines/pipeline-creation.js';
import { PipelineGauges } from './pipelines/pipeline-gauges.js';
import { PipelineStandingsRepository } from './pipelines/pipeline-standings.repository.js';
import { PipelineDeletion } from './pipelines/pipeline-deletion.js';
import { HandlerCheck } from './pipelines/handler-check.js';
import { PipelineDrafts } from './pipelines/pipeline-drafts.js';
import { PipelineUpdate } from './pipelines/pipeline-update.js';
import { PipelineRestart } from './pipelines/pipeline-restart.js';
import { PipelineWatch } from './pipelines/pipeline-watch.js';
import { PipelinePublication } from './pipelines/pipeline-publication.js';
import { PipelineTopics } from './pipelines/pipeline-topics.js';
import { PipelinesController } from './pipelines/pipelines.controller.js';
import { PipelinesRepository } from './pipelines/pipelines.repository.js';
import { PipelinesService } from './pipelines/pipelines.service.js';
import { PublicationsRepository } from './pipelines/publications.repository.js';
import { RemovalSteps } from './pipelines/removal-steps.js';
import { TakeOver } from './pipelines/take-over.js';
import { StatusChange } from './pipelines/status-change.js';
import { PipelineTests } from './pipelines/pipeline-tests.js';
import { PipelineTrial } from './preview/pipeline-trial.js';
import { PreviewController } from './preview/preview.controller.js';
import { PreviewService } from './preview/preview.service.js';
import { PreviewSubjects } from './preview/preview-subjects.js';
import { PreviewThreads } from './preview/preview-threads.js';
import { TopicRemoval } from './pipelines/topic-removal.js';
import { TopicUsesRepository } from './pipelines/topic-uses.repository.js';
import { UndoSteps } from './pipelines/undo-steps.js';
import { WorkerAnnouncer } from './pipelines/worker-announcer.js';
import { ReconcileSteps } from './reconcile/reconcile-steps.js';
import { Reconciler } from './reconcile/reconciler.js';
import { UnfinishedRepository } from './reconcile/unfinished.repository.js';
import { ResourcesController } from './resources/resources.controller.js';
import { ResourcesService } from './resources/resources.service.js';
import { PipelineTaskEntity } from './tasks/pipeline-task.entity.js';
import { ReportIntake } from './tasks/report-intake.js';
import { SilentTasks } from './tasks/silent-tasks.js';
import { TaskReportsRepository } from './tasks/task-reports.repository.js';
import { TaskTransitionEntity } from './tasks/task-transition.entity.js';
import { TaskTransitionsRepository } from './tasks/task-transitions.repository.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TasksRepository } from './tasks/tasks.repository.js';
import { TasksService } from './tasks/tasks.service.js';

export interface MgmtOptions {
  config: AppConfig;
  logger: Logger;
  metrics: MetricsRegistry;
}

const repositories: Provider[] = [
  CreateStepsRepository,
  PipelineStandingsRepository,
  PipelinesRepository,
  PoliciesRepository,
  PublicationsRepository,
  TaskReportsRepository,
  TaskTransitionsRepository,
  TasksRepository,
  TopicUsesRepository,
  UnfinishedRepository,
];
const services: Provider[] = [
  AttributeChange,
  CreateUndo,
  DeletionSteps,
  OutputTopicUsers,
  PipelineCreation,
  PipelineDeletion,
  HandlerCheck,
  PipelineDrafts,
  PipelinePublication,
  PipelineRestart,
  PipelineTests,
  PipelineTopics,
  PipelineTrial,
  PipelineUpdate,
  PipelineWatch,
  PipelinesService,
  PoliciesService,
  PreviewService,
  PreviewSubjects,
  PreviewThreads,
  RemovalSteps,
  ResourcesService,
  StatusChange,
  TakeOver,
  TasksService,
  TopicRemoval,
  UndoSteps,
  WorkerAnnouncer,
];
const background: Provider[] = [
  DatabaseGauges,
  DatabaseStart,
  Dependencies,
  MgmtRuntime,
  PipelineGauges,
  Reconciler,
  ReconcileSteps,
  ReplicaReport,
  ReportIntake,
  SilentTasks,
];

/** The management half: the HTTP API, the desired state, and what keeps both true. Needs the health and debug modules beside it. */
@Module({})
export class MgmtModule {
  static register({ config, logger, metrics }: MgmtOptions): DynamicModule {
    return {
      module: MgmtModule,
      imports: [
        DatabaseModule.register({
          config: config.database,
          logger,
          entities: [PipelineEntity, PipelineTaskEntity, PolicyEntity, TaskTransitionEntity],
        }),
      ],
      controllers: [
        ...[
          PipelinesController,
          PreviewController,
          TasksController,
          ResourcesController,
          PoliciesController,
          ErrorPageController,
        ],
        ...accountControllers(accountPlace),
      ],
      providers: [
        { provide: APP_CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: MetricsRegistry, useValue: metrics },
        { provide: FailPoints, useValue: new FailPoints(config.debug.failPoints) },
        { provide: APP_GUARD, useClass: AccessGuard },
        authenticationProvider(config.auth),
        permissionsProvider(config.permission),
        ...adapters(config, logger),
        ...repositories,
        ...services,
        ...background,
      ],
    };
  }
}
