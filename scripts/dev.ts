// npm run dev: the services of the default sandbox and the whole program, restarted when a source file changes.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

import { Sandbox } from '../sandbox/sandbox.ts';
import { SandboxError } from '../sandbox/sandbox-error.ts';

const root = resolve(import.meta.dirname, '..');
const print = (line: string) => console.log(line);

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());

function node(args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
  child.on('error', (error) => print(error.message));
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

async function develop(sandbox: Sandbox): Promise<number> {
  const [code] = (await once(node([join(root, 'scripts/build.mjs')]), 'exit')) as [number | null];
  if (code !== 0 || controller.signal.aborted) return code ?? 1;
  // The program only restarts when the compiler wrote something, so that a type error leaves the last good one running.
  const compiler = node([
    join(root, 'node_modules/typescript/bin/tsc'),
    '-p',
    'tsconfig.build.json',
    '--watch',
    '--preserveWatchOutput',
  ]);
  const program = node(['--watch-path=dist', '--watch-preserve-output', 'dist/main.js', '--role', 'all'], {
    SDP_LOG_DEVELOPMODE: 'true',
    ...sandbox.env(),
  });
  const aborted = once(controller.signal, 'abort');
  await Promise.race([aborted, once(program, 'exit'), once(compiler, 'exit')]);
  await Promise.all([end(program), end(compiler)]);
  return 0;
}

const sandbox = new Sandbox({ root, print });
const wasUp = sandbox.status().some(({ state }) => state === 'running');
try {
  await sandbox.up(undefined, controller.signal);
  process.exitCode = await develop(sandbox);
} catch (error) {
  if (!controller.signal.aborted) print(error instanceof SandboxError ? error.message : String(error));
  process.exitCode = 1;
} finally {
  if (!wasUp) await sandbox.down();
}
