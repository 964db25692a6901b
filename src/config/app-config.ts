import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { AuthConfig } from './auth-config.js';
import { DatabaseConfig } from './database-config.js';
import { DebugConfig } from './debug-config.js';
import { DeployConfig } from './deploy-config.js';
import { DeploymentLimitsConfig } from './deployment-limits-config.js';
import { HandlersConfig } from './handlers-config.js';
import { IndexBaseConfig } from './index-base-config.js';
import { KafkaConfig } from './kafka-config.js';
import { LogConfig } from './log-config.js';
import { MetricsConfig } from './metrics-config.js';
import { MqConfig } from './mq-config.js';
import { OpenSearchConfig } from './opensearch-config.js';
import { PermissionConfig } from './permission-config.js';
import { SecretsConfig } from './secrets-config.js';
import { ServerConfig } from './server-config.js';
import { TracingConfig } from './tracing-config.js';
import { WorkerConfig } from './worker-config.js';

/** Injection token of the configuration. */
export const APP_CONFIG = Symbol('APP_CONFIG');

/**
 * All settings: type, defaults and checks in one place. `new AppConfig()` has the defaults; the program gets its one
 * instance from the loader: validated, and frozen through and through.
 */
export class AppConfig {
  /** Addresses of the HTTP API, the size of batches, and limits. */
  @ValidateNested()
  @Type(() => ServerConfig)
  readonly server: ServerConfig = new ServerConfig();

  /** How the brokers are used. Where they are is said in `mq`. */
  @ValidateNested()
  @Type(() => KafkaConfig)
  readonly kafka: KafkaConfig = new KafkaConfig();

  /** Where the Kafka brokers are, and how to log in. */
  @ValidateNested()
  @Type(() => MqConfig)
  readonly mq: MqConfig = new MqConfig();

  /** MariaDB. Only `--role mgmt` and `--role all` use it. */
  @ValidateNested()
  @Type(() => DatabaseConfig)
  readonly database: DatabaseConfig = new DatabaseConfig();

  /** Where documents are written. */
  @ValidateNested()
  @Type(() => OpenSearchConfig)
  readonly opensearch: OpenSearchConfig = new OpenSearchConfig();

  /** Index bases: the targets of pipelines, each an alias with its template and its first index. */
  @ValidateNested()
  @Type(() => IndexBaseConfig)
  readonly indexBase: IndexBaseConfig = new IndexBaseConfig();

  /** What pipelines' handlers may use. */
  @ValidateNested()
  @Type(() => HandlersConfig)
  readonly handlers: HandlersConfig = new HandlersConfig();

  /** The most that one pipeline may ask for in its `deployment_config`. */
  @ValidateNested()
  @Type(() => DeploymentLimitsConfig)
  readonly deployment: DeploymentLimitsConfig = new DeploymentLimitsConfig();

  /** The tasks of this process. */
  @ValidateNested()
  @Type(() => WorkerConfig)
  readonly worker: WorkerConfig = new WorkerConfig();

  /** Who a caller is. */
  @ValidateNested()
  @Type(() => AuthConfig)
  readonly auth: AuthConfig = new AuthConfig();

  /** What a caller may do. */
  @ValidateNested()
  @Type(() => PermissionConfig)
  readonly permission: PermissionConfig = new PermissionConfig();

  /** The log of the program: one event a line. */
  @ValidateNested()
  @Type(() => LogConfig)
  readonly log: LogConfig = new LogConfig();

  /** Metrics for Prometheus. */
  @ValidateNested()
  @Type(() => MetricsConfig)
  readonly metrics: MetricsConfig = new MetricsConfig();

  /** OpenTelemetry traces. When they are off, no module of OpenTelemetry is loaded. */
  @ValidateNested()
  @Type(() => TracingConfig)
  readonly tracing: TracingConfig = new TracingConfig();

  /** Routes for those who look for the cause of a fault. */
  @ValidateNested()
  @Type(() => DebugConfig)
  readonly debug: DebugConfig = new DebugConfig();

  /** How secrets in settings files are decrypted. */
  @ValidateNested()
  @Type(() => SecretsConfig)
  readonly secrets: SecretsConfig = new SecretsConfig();

  /** Where the tasks of a pipeline run. */
  @ValidateNested()
  @Type(() => DeployConfig)
  readonly deploy: DeployConfig = new DeployConfig();
}
