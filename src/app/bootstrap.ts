import type { RequestListener } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppConfig } from '../config/app-config.js';
import type { ConfigWarning } from '../config/config-fault.js';
import { secretValuesOf } from '../config/secret-values.js';
import { readBuildInfo } from '../platform/health/build-info.js';
import { dependencyMetrics } from '../platform/health/dependency-metrics.js';
import { HealthRegistry } from '../platform/health/health-registry.js';
import { HealthService } from '../platform/health/health.service.js';
import { listenerSeparation } from '../platform/http/listener-separation.js';
import { createLogger } from '../platform/logging/create-logger.js';
import type { Logger } from '../platform/logging/logger.js';
import { NestLogger } from '../platform/logging/nest-logger.js';
import { buildMetrics } from '../platform/metrics/build-metrics.js';
import { httpMetrics } from '../platform/metrics/http-metrics.js';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import type { Tracing } from '../platform/tracing/tracing.js';
import { AppModule } from './app.module.js';
import { logConfigWarnings } from './config-warnings.js';
import { HttpListeners, type ListenerAddress } from './http-listeners.js';
import { ProcessLifecycle } from './process-lifecycle.js';
import { type Half, loadHalves, type Role, type Runtime, servesApi } from './role.js';
import { runShutdown, type ShutdownStep } from './shutdown.js';

export interface BootstrapOptions {
  config: AppConfig;
  /** Told in the log at start. */
  warnings: readonly ConfigWarning[];
  role: Role;
  /** With the role worker: run the tasks of this pipeline alone. */
  pipelineId?: string;
}

interface Program {
  app: NestExpressApplication;
  metrics: MetricsRegistry;
  listeners: HttpListeners;
  halves: readonly Half[];
  /** Undefined while tracing is off. */
  tracing: Tracing | undefined;
}

/** The drain has server.stopTimeoutSec for itself; these come on top, together less than 5 s. */
const INTAKE_MS = 1500;
const DRAIN_GRACE_MS = 300;
const MGMT_MS = 1000;
const CLOSE_MS = 500;
const TRACES_MS = 1000;
const FLUSH_MS = 200;

/** Starts this process's part of the program. Resolves once it serves; the process then ends by a signal or a fault. */
export async function bootstrap(options: BootstrapOptions): Promise<void> {
  const { config, role } = options;
  const { name: service, version } = readBuildInfo();
  const logger = createLogger({ config: config.log, service, role, version, secrets: secretValuesOf(config) });
  logConfigWarnings(options.warnings, logger);
  const program = assemble(options, logger);
  await new ProcessLifecycle(process, logger).run(
    async () => start(await program, options, logger),
    async () => runShutdown(shutdownSteps(await program, config, logger), logger),
  );
}

/** The program with all its parts made and wired; nothing is connected, and nothing listens yet. */
export async function assemble({ config, role, pipelineId }: BootstrapOptions, logger: Logger): Promise<Program> {
  // Before the halves: with them come the libraries that it traces.
  const tracing = await loadTracing(config, role, logger);
  const metrics = new MetricsRegistry();
  metrics.collectProcessMetrics();
  buildMetrics(metrics, readBuildInfo(), role);
  const halves = await loadHalves(role, { config, logger, metrics, pipelineId, spans: tracing });
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRole({ role, config, logger, metrics, halves }),
    {
      logger: new NestLogger(logger),
      abortOnError: false,
      // The half with an API brings parsers with the configured limit; the other one reads no bodies.
      bodyParser: false,
    },
  );
  app.disable('x-powered-by');
  app.use(httpMetrics(metrics), listenerSeparation());
  halves.forEach((half) => half.configureHttp?.(app, config));
  await app.init();
  dependencyMetrics(metrics, app.get(HealthService));
  const listeners = new HttpListeners(app.getHttpAdapter().getInstance() as RequestListener);
  return { app, metrics, halves, tracing, listeners };
}

/** Loaded only when it is on: otherwise not one module of OpenTelemetry is. */
async function loadTracing({ tracing }: AppConfig, role: Role, logger: Logger): Promise<Tracing | undefined> {
  if (!tracing.enabled) {
    return undefined;
  }
  const { name: service, version } = readBuildInfo();
  const { startTracing } = await import('../platform/tracing/start-tracing.js');
  return startTracing(tracing, { service, version, role }, logger);
}

/** Probes are answered first: what connects to other services does so afterwards, and at its own pace. */
async function start(
  { app, listeners, halves }: Program,
  { config, role }: BootstrapOptions,
  logger: Logger,
): Promise<void> {
  const urls: Record<string, string> = {};
  for (const address of addressesOf(config, role)) {
    urls[address.listener] = await listeners.open(address);
  }
  if (servesApi(role) && config.auth.mode === 'none') {
    logger.warn('auth.mode is none: whoever reaches the listeners is the administrator');
  }
  for (const half of halves) {
    await app.get<Runtime>(half.runtime).start();
  }
  logger.info(urls, `Serving ${role} at ${Object.values(urls).join(' and ')}`);
}

function addressesOf({ server }: AppConfig, role: Role): ListenerAddress[] {
  const open: ListenerAddress = {
    listener: 'public',
    port: server.httpPort,
    host: server.bindAddress,
    settings: { port: 'server.httpPort', host: 'server.bindAddress' },
  };
  const internal: ListenerAddress = {
    listener: 'internal',
    port: server.internalHttpPort,
    host: server.internalBindAddress,
    settings: { port: 'server.internalHttpPort', host: 'server.internalBindAddress' },
  };
  return servesApi(role) ? [open, internal] : [open];
}

/** The one ordered list: nothing new comes in, what is on the way is drained and committed, clients close, logs last. */
function shutdownSteps(
  { app, listeners, halves, tracing }: Program,
  { server }: AppConfig,
  logger: Logger,
): ShutdownStep[] {
  const drainMs = server.stopTimeoutSec * 1000;
  const stop = (name: Half['name'], deadlineMs: number) => async () => {
    const half = halves.find((candidate) => candidate.name === name);
    await (half && app.get<Runtime>(half.runtime).stop(deadlineMs));
  };
  const stopIntake = () => {
    app.get(HealthRegistry).drain();
    return listeners.close(INTAKE_MS - DRAIN_GRACE_MS);
  };
  return [
    { name: 'stop intake', deadlineMs: INTAKE_MS, run: stopIntake },
    { name: 'drain tasks', deadlineMs: drainMs + DRAIN_GRACE_MS, run: stop('worker', drainMs) },
    { name: 'stop management', deadlineMs: MGMT_MS, run: stop('mgmt', MGMT_MS) },
    { name: 'close clients', deadlineMs: CLOSE_MS, run: () => app.close() },
    ...(tracing ? [{ name: 'flush traces', deadlineMs: TRACES_MS, run: () => tracing.stop() }] : []),
    { name: 'flush log', deadlineMs: FLUSH_MS, run: () => flush(logger) },
  ];
}

function flush(logger: Logger): Promise<void> {
  return new Promise((resolve, reject) => logger.flush((error) => (error ? reject(error) : resolve())));
}
