import { join, resolve } from 'node:path';

import { withLock } from '../scripts/bootstrap/lock.mjs';
import { seconds } from '../sandbox/progress.ts';
import { SandboxError } from '../sandbox/sandbox-error.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import { Cleanup } from './cleanup.ts';
import { Interruption } from './interruption.ts';
import { parseOptions, usage, type Options } from './options.ts';
import { QuickstartError } from './quickstart-error.ts';
import { Quickstart, type Verification } from './quickstart.ts';
import type { RunContext } from './run-context.ts';
import { Steps } from './steps.ts';
import { Terminal } from './terminal.ts';

const root = resolve(import.meta.dirname, '..');
const interruptedCode = 130;

interface Outcome {
  code: number;
  /** Why there is no verification, or not a good one. */
  error?: string;
  verification?: Verification;
}

async function main(options: Options, terminal: Terminal): Promise<number> {
  const startedMs = performance.now();
  const sandbox = new Sandbox({ name: options.name, root, print: (line) => terminal.line(line) });
  const interruption = new Interruption(sandbox, terminal);
  const context: RunContext = {
    ...{ root, options, terminal, sandbox, signal: interruption.signal },
    ...{ steps: new Steps(terminal), cleanup: new Cleanup() },
  };
  const outcome = await withRunLock(context, () => runToStop(context));
  if (outcome.error !== undefined) console.error(outcome.error);
  if (options.once) printResult(outcome, startedMs);
  return outcome.code;
}

/** A second run on the same services would take them away from the first. */
async function withRunLock(context: RunContext, work: () => Promise<Outcome>): Promise<Outcome> {
  const { options, sandbox } = context;
  const refusal = new AbortController();
  const onWait = (pid: number) =>
    refusal.abort(new QuickstartError(`Process ${pid} runs in ${sandbox.folder}: end it, or take another --name`));
  const path = join(root, '.sandbox', `.quickstart-${options.name}.lock`);
  try {
    return await withLock(path, work, { onWait, signal: refusal.signal });
  } catch (error) {
    return { code: 1, error: toldOf(error) };
  }
}

async function runToStop(context: RunContext): Promise<Outcome> {
  const { cleanup, terminal } = context;
  const outcome = await run(context);
  if (cleanup.isEmpty) return outcome;
  const startedMs = performance.now();
  terminal.line('\nstopping what was started');
  const faults = await cleanup.run();
  const isFine = faults.length === 0 && (outcome.error === undefined || context.signal.aborted);
  faults.push(...(await clearAway(context, isFine)));
  if (faults.length === 0) terminal.line(`everything is stopped (${seconds(startedMs)})`);
  return faults.length === 0 ? outcome : { ...outcome, code: 1, error: `Could not stop ${faults.join('; ')}` };
}

async function run(context: RunContext): Promise<Outcome> {
  const { options, signal } = context;
  const quickstart = new Quickstart(context);
  try {
    if (!options.once) return await quickstart.endlessly();
    const verification = await quickstart.once();
    const failed = verification.checks.find(({ ok }) => !ok);
    if (failed === undefined) return { code: 0, verification };
    return { code: 1, verification, error: `The verification has failed: ${failed.name}: ${failed.detail}` };
  } catch (error) {
    if (!signal.aborted) return { code: 1, error: toldOf(error) };
    return quickstart.hasShownAll ? { code: 0 } : { code: interruptedCode, error: 'interrupted before the end' };
  }
}

/** Data and logs are for whoever wants to know why it failed. */
async function clearAway({ options, sandbox, terminal }: RunContext, isFine: boolean): Promise<string[]> {
  if (options.keep || !isFine) {
    terminal.line(`data and logs are in ${sandbox.folder}`);
    return [];
  }
  const cleanup = new Cleanup();
  cleanup.add('services', () => sandbox.remove());
  return cleanup.run();
}

/** One or two lines; a stack would not help the person at the terminal. */
function toldOf(error: unknown): string {
  if (error instanceof QuickstartError || error instanceof SandboxError) return error.message;
  return `Unexpected fault: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
}

function printResult({ code, error, verification }: Outcome, startedMs: number): void {
  const { pipelines = [], checks = [] } = verification ?? {};
  const elapsed = Math.round((performance.now() - startedMs) / 100) / 10;
  console.log(
    JSON.stringify({ ok: code === 0, ...(error !== undefined && { error }), pipelines, checks, seconds: elapsed }),
  );
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) console.log(usage);
  else process.exitCode = await main(options, new Terminal(process.stdout));
} catch (error) {
  console.error(toldOf(error));
  process.exitCode = 1;
}
