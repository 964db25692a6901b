import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { parseCommandLine, usage, type Command } from './command-line.ts';
import { formatEnvironment } from './environment.ts';
import { seconds } from './progress.ts';
import { getPrometheusProgram } from './prometheus.ts';
import { SandboxError } from './sandbox-error.ts';
import { Sandbox, type ServiceStatus } from './sandbox.ts';

// Results go to standard output, so that a script can take them; what happens meanwhile goes to standard error.
const print = (line: string) => console.error(line);

async function run(sandbox: Sandbox, command: Command, signal: AbortSignal): Promise<number> {
  switch (command.verb) {
    case 'help':
      console.log(usage);
      return 0;
    case 'up':
      return timed(sandbox, 'is up', () => sandbox.up(command.only, signal));
    case 'reset':
      return timed(sandbox, 'is up and empty', () => sandbox.reset(signal));
    case 'down':
      return timed(sandbox, 'is down', () => sandbox.down());
    case 'start':
    case 'stop':
    case 'kill':
      await sandbox[command.verb](command.service);
      return 0;
    case 'status':
      return showStatus(sandbox);
    case 'env':
      return showEnvironment(sandbox);
    case 'run':
      return runInForeground(await getPrometheusProgram(command.program, { print, signal }), command.words, signal);
  }
}

/** Ends as the program ends, and ends it when interrupted. */
async function runInForeground(file: string, words: readonly string[], signal: AbortSignal): Promise<number> {
  const child = spawn(file, words, { stdio: 'inherit' });
  signal.addEventListener('abort', () => child.kill());
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

async function timed(sandbox: Sandbox, what: string, work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  print(`sandbox ${sandbox.name} ${what} after ${seconds(startedMs)}`);
  return 0;
}

function showStatus(sandbox: Sandbox): number {
  const services = sandbox.status();
  if (services.length === 0) console.log(`sandbox ${sandbox.name} is down`);
  for (const service of services) {
    const pid = service.state === 'running' ? `pid ${service.pid}` : '';
    console.log(
      `${service.name.padEnd(11)} ${service.state.padEnd(9)} ${withoutPassword(service.address)} ${pid}`.trimEnd(),
    );
  }
  return services.length > 0 && services.every(isUsable) ? 0 : 1;
}

function showEnvironment(sandbox: Sandbox): number {
  const environment = sandbox.env();
  const stopped = sandbox.status().filter((service) => !isUsable(service));
  if (stopped.length > 0) {
    const names = stopped.map(({ name }) => name).join(', ');
    throw new SandboxError(`sandbox ${sandbox.name}: ${names} not running, start with "npm run sandbox -- up"`);
  }
  process.stdout.write(formatEnvironment(environment));
  return 0;
}

function isUsable(service: ServiceStatus): boolean {
  return service.state !== 'stopped';
}

function withoutPassword(address: string): string {
  return address.replace(/(:\/\/[^:/@]+):[^@]*@/, '$1:***@');
}

/** The first interrupt ends an up in an orderly way; a second one, of any kind, ends this program at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort(new SandboxError('interrupted: what was started is ended again')));
  }
  return controller.signal;
}

const signal = interruption();
try {
  const { name, command } = parseCommandLine(process.argv.slice(2));
  process.exitCode = await run(new Sandbox({ name, print }), command, signal);
} catch (error) {
  print(error instanceof SandboxError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = signal.aborted ? 130 : 1;
}
