import { setTimeout as pause } from 'node:timers/promises';
import type { AppConfig } from '../config/app-config.js';
import type { ConfigWarning } from '../config/config-fault.js';
import { secretValuesOf } from '../config/secret-values.js';
import { readBuildInfo } from '../platform/health/build-info.js';
import { DebugRegistry } from '../platform/debug/debug-registry.js';
import { StartWait } from '../platform/health/start-wait.js';
import { createLogger } from '../platform/logging/create-logger.js';
import type { Logger } from '../platform/logging/logger.js';
import type { Tracing } from '../platform/tracing/tracing.js';
import type { assemble, Program, ProgramOptions } from './assemble.js';
import { logConfigWarnings } from './config-warnings.js';
import { HttpListeners } from './http-listeners.js';
import type { ListenerAddress } from './listener-address.js';
import { LateHandler } from './late-handler.js';
import { ProcessLifecycle } from './process-lifecycle.js';
import { type Half, type Role, type Runtime, servesApi } from './role.js';
import { runShutdown, type ShutdownStep } from './shutdown.js';

export interface BootstrapOptions extends ProgramOptions {
  /** Told in the log at start. */
  warnings: readonly ConfigWarning[];
}

interface Running extends Program {
  listeners: HttpListeners;
  startWait: StartWait;
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
/** A connection is taken in one turn of the event loop, and its request read in a later one. */
const PROBE_TURN_MS = 2;

/**
 * Starts this process's part of the program. Resolves once it serves; the process then ends by a signal or a fault. What is
 * slow to load (Nest, the clients) is not imported here: signals are obeyed and the probe of life answered before it comes.
 */
export async function bootstrap(options: BootstrapOptions): Promise<void> {
  const { config, role } = options;
  const { name: service, version } = readBuildInfo();
  const logger = createLogger({ config: config.log, service, role, version, secrets: secretValuesOf(config) });
  logConfigWarnings(options.warnings, logger);
  const starting = Promise.withResolvers<Running>();
  await new ProcessLifecycle(process, logger).run(
    async () => starting.resolve(await start(options, logger)),
    async () => runShutdown(shutdownSteps(await starting.promise, config, logger), logger),
  );
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
async function start(options: BootstrapOptions, logger: Logger): Promise<Running> {
  const { config, role } = options;
  const late = new LateHandler();
  const listeners = new HttpListeners(late.handle);
  const urls: Record<string, string> = {};
  for (const address of addressesOf(config, role)) {
    urls[address.listener] = await listeners.open(address);
  }
  // Before the rest: with it come the libraries that it traces.
  const tracing = await loadTracing(config, role, logger);
  const program = await (await loadAssemble())(options, logger, tracing);
  program.app.get(DebugRegistry).provide({ listeners: () => listeners.report() });
  late.use(program.handler);
  if (servesApi(role) && config.auth.mode === 'none') {
    logger.warn('auth.mode is none: whoever reaches the listeners is the administrator');
  }
  for (const half of program.halves) {
    await program.app.get<Runtime>(half.runtime).start();
  }
  const startWait = new StartWait(program.health, logger);
  startWait.start();
  logger.info(urls, `Serving ${role} at ${Object.values(urls).join(' and ')}`);
  return { ...program, listeners, startWait, tracing };
}

/**
 * Loading is one long piece of work that lets nothing in between: some tenths of a second of CPU, seconds on a machine that is
 * busy. In parts, with turns of the event loop between them, the probes that have come meanwhile are answered.
 */
async function loadAssemble(): Promise<typeof assemble> {
  const parts = [
    () => import('@nestjs/common'),
    () => import('@nestjs/core'),
    () => import('@nestjs/platform-express'),
    () => import('@nestjs/swagger'),
    () => import('@nestjs/terminus'),
  ];
  for (const load of parts) {
    await pause(PROBE_TURN_MS);
    await load();
  }
  await pause(PROBE_TURN_MS);
  return (await import('./assemble.js')).assemble;
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
function shutdownSteps(running: Running, { server }: AppConfig, logger: Logger): ShutdownStep[] {
  const { app, health, listeners, halves, startWait, tracing } = running;
  const drainMs = server.stopTimeoutSec * 1000;
  const stop = (name: Half['name'], deadlineMs: number) => async () => {
    const half = halves.find((candidate) => candidate.name === name);
    await (half && app.get<Runtime>(half.runtime).stop(deadlineMs));
  };
  const stopIntake = () => {
    startWait.stop();
    health.drain();
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
