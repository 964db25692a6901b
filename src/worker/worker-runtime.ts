import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import type { AppConfig } from '../config/app-config.js';
import { APP_CONFIG } from '../config/app-config.js';
import { DesiredStateSubscriber } from '../control/desired-state-subscriber.js';
import { ReportPublisher } from '../control/report-publisher.js';
import { TopicNames } from '../domain/topic-names.js';
import { DebugRegistry } from '../platform/debug/debug-registry.js';
import { HealthRegistry } from '../platform/health/health-registry.js';
import { indexBaseIndicator, serviceIndicators } from '../platform/health/service-indicators.js';
import type { IndexBaseProvider } from '../platform/index-base/index-base-provider.js';
import { indexBasesOf } from '../platform/index-base/index-bases-of.js';
import { kafkaConnection } from '../platform/kafka/kafka-connection.js';
import { KeyedPublisher } from '../platform/kafka/keyed-publisher.js';
import { TopicAdmin } from '../platform/kafka/topic-admin.js';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logger.js';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import { PipelineMetrics } from '../platform/metrics/pipeline-metrics.js';
import { OpenSearchAdmin } from '../platform/opensearch/opensearch-admin.js';
import type { SpanSink } from '../platform/tracing/finished-span.js';
import { Placement } from './placement/placement.js';
import { BaseService } from './supervisor/base-service.js';
import { Supervisor } from './supervisor/supervisor.js';

/** Injection token: the pipeline that this worker was started for alone; undefined for what placement gives. */
export const WORKER_PIPELINE_ID = Symbol('WORKER_PIPELINE_ID');

/** Injection token: where spans of the tasks go; undefined while tracing is off. */
export const SPAN_SINK = Symbol('SPAN_SINK');
const NOT_JOINED =
  'not a member of the group of workers: Kafka is away, or the control topic is not there yet (a process with --role mgmt makes it)';

/** The worker half: what should run here, and what runs. Needs neither the database nor the management service. */
@Injectable()
export class WorkerRuntime {
  private readonly admin: TopicAdmin;
  private readonly publisher: KeyedPublisher;
  private readonly opensearch: OpenSearchAdmin;
  private readonly indexBases: IndexBaseProvider;
  private readonly subscriber: DesiredStateSubscriber;
  private readonly supervisor: Supervisor;
  private readonly placement: Placement;

  constructor(
    @Inject(APP_CONFIG) config: AppConfig,
    @Inject(LOGGER) logger: Logger,
    @Inject(WORKER_PIPELINE_ID) pipelineId: string | undefined,
    @Inject(SPAN_SINK) spans: SpanSink | undefined,
    registry: MetricsRegistry,
    health: HealthRegistry,
    debug: DebugRegistry,
  ) {
    const connection = kafkaConnection(config);
    const names = new TopicNames(config.kafka.names);
    this.admin = new TopicAdmin(connection, logger);
    this.publisher = new KeyedPublisher(connection, logger);
    this.opensearch = new OpenSearchAdmin(config.opensearch);
    this.indexBases = indexBasesOf(config.indexBase, this.opensearch);
    const reports = new ReportPublisher(
      {
        publisher: this.publisher,
        admin: this.admin,
        topic: names.status(),
        replicationFactor: config.kafka.replicationFactor,
      },
      logger,
    );
    this.supervisor = new Supervisor({
      config,
      logger,
      metrics: new PipelineMetrics(registry),
      bases: new BaseService(this.indexBases, this.admin, names, config),
      workerId: config.worker.id || `${hostname()}-${process.pid}`,
      sendReports: (list) => reports.send(list),
      spans,
    });
    this.placement = new Placement(this.supervisor, pipelineId === undefined ? 'shared' : undefined);
    const { sessionTimeoutMs } = config.kafka;
    this.subscriber = new DesiredStateSubscriber(
      { connection, admin: this.admin, names, sessionTimeoutMs, ...(pipelineId !== undefined && { pipelineId }) },
      logger,
    );
    this.registerHealth(health, config);
    debug.provide({
      tasks: async () => ({ ...(await this.supervisor.report()), has_joined: this.placement.hasJoined }),
    });
  }

  /** Returns at once: Kafka may come later. */
  start(): Promise<void> {
    this.supervisor.start();
    this.subscriber.start(this.placement);
    return Promise.resolve();
  }

  /** Drains the tasks first, while the partitions are still this worker's, then leaves the group. */
  async stop(deadlineMs: number): Promise<void> {
    await this.supervisor.stop(deadlineMs);
    await this.subscriber.stop();
    const clients = [this.publisher, this.admin, this.indexBases, this.opensearch];
    await Promise.allSettled(clients.map((client) => client.close()));
  }

  private registerHealth(health: HealthRegistry, config: AppConfig): void {
    serviceIndicators(config, this.admin, this.opensearch).forEach((source) => health.register(source));
    if (config.indexBase.provider !== 'opensearch') {
      health.register(indexBaseIndicator(config, this.indexBases));
    }
    health.register({
      name: 'placement',
      check: () => (this.placement.hasJoined ? Promise.resolve() : Promise.reject(new Error(NOT_JOINED))),
      requiredForReady: 'always',
    });
  }
}
