import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { AuthConfig } from './auth-config.js';
import { DatabaseConfig } from './database-config.js';
import { DebugConfig } from './debug-config.js';
import { DeployConfig } from './deploy-config.js';
import { DeploymentLimitsConfig } from './deployment-limits-config.js';
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
  @ValidateNested()
  @Type(() => ServerConfig)
  readonly server: ServerConfig = new ServerConfig();

  @ValidateNested()
  @Type(() => KafkaConfig)
  readonly kafka: KafkaConfig = new KafkaConfig();

  @ValidateNested()
  @Type(() => MqConfig)
  readonly mq: MqConfig = new MqConfig();

  @ValidateNested()
  @Type(() => DatabaseConfig)
  readonly database: DatabaseConfig = new DatabaseConfig();

  @ValidateNested()
  @Type(() => OpenSearchConfig)
  readonly opensearch: OpenSearchConfig = new OpenSearchConfig();

  @ValidateNested()
  @Type(() => IndexBaseConfig)
  readonly indexBase: IndexBaseConfig = new IndexBaseConfig();

  @ValidateNested()
  @Type(() => DeploymentLimitsConfig)
  readonly deployment: DeploymentLimitsConfig = new DeploymentLimitsConfig();

  @ValidateNested()
  @Type(() => WorkerConfig)
  readonly worker: WorkerConfig = new WorkerConfig();

  @ValidateNested()
  @Type(() => AuthConfig)
  readonly auth: AuthConfig = new AuthConfig();

  @ValidateNested()
  @Type(() => PermissionConfig)
  readonly permission: PermissionConfig = new PermissionConfig();

  @ValidateNested()
  @Type(() => LogConfig)
  readonly log: LogConfig = new LogConfig();

  @ValidateNested()
  @Type(() => MetricsConfig)
  readonly metrics: MetricsConfig = new MetricsConfig();

  @ValidateNested()
  @Type(() => TracingConfig)
  readonly tracing: TracingConfig = new TracingConfig();

  @ValidateNested()
  @Type(() => DebugConfig)
  readonly debug: DebugConfig = new DebugConfig();

  @ValidateNested()
  @Type(() => SecretsConfig)
  readonly secrets: SecretsConfig = new SecretsConfig();

  @ValidateNested()
  @Type(() => DeployConfig)
  readonly deploy: DeployConfig = new DeployConfig();
}
