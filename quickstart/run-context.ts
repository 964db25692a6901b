import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Cleanup } from './cleanup.ts';
import type { Options } from './options.ts';
import type { Steps } from './steps.ts';
import type { Terminal } from './terminal.ts';

/** What every part of one run shares. */
export interface RunContext {
  root: string;
  options: Options;
  terminal: Terminal;
  steps: Steps;
  sandbox: Sandbox;
  cleanup: Cleanup;
  /** Aborted by the first Ctrl-C. */
  signal: AbortSignal;
}
