import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const root = resolve(import.meta.dirname, '../..');

export interface EndedRun {
  code: number | null;
  out: string;
  err: string;
  /** Both of its outputs. */
  output: string;
}

/** Runs the compiled program until it ends by itself. */
export async function runToEnd(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = '',
): Promise<EndedRun> {
  const child = spawn(process.execPath, [resolve(root, 'dist/main.js'), ...args], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, out, err, output: out + err };
}
