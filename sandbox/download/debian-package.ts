import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { withLock } from '../../scripts/bootstrap/lock.mjs';
import type { Progress } from '../progress.ts';
import { runProgram } from '../run-program.ts';
import { SandboxError } from '../sandbox-error.ts';
import { completeEntry, isWholeEntry, removeRests } from './cache-entry.ts';

export interface PackageOptions {
  /** The cache. */
  folder: string;
  environment: NodeJS.ProcessEnv;
  progress: Progress;
  signal: AbortSignal | undefined;
}

/**
 * The folder with the programs of a Debian package, which is fetched but not installed: no root, and nothing of the machine
 * changes. The version is the one that the machine's package sources offer when it is fetched; it is in the folder's name,
 * and is kept until somebody deletes the folder. apt checks the download against the signed index of its source.
 */
export async function fetchDebianPackage(name: string, options: PackageOptions): Promise<string> {
  const cached = findDebianPackage(name, options.folder);
  if (cached !== undefined) return cached;
  const onWait = (pid: number) => options.progress.say(`waiting for process ${pid}, which downloads ${name}`);
  const installOnce = async () => findDebianPackage(name, options.folder) ?? (await install(name, options));
  return withLock(join(options.folder, `${name}.lock`), installOnce, { onWait, signal: options.signal });
}

/** The newest whole one in the cache; undefined when there is none. */
export function findDebianPackage(name: string, folder: string): string | undefined {
  const entries = existsSync(folder) ? readdirSync(folder) : [];
  return entries
    .filter((entry) => new RegExp(`^${name}-\\d`).test(entry))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((entry) => join(folder, entry))
    .find(isWholeEntry);
}

async function install(name: string, options: PackageOptions): Promise<string> {
  await removeRests(join(options.folder, name));
  const partial = join(options.folder, `${name}.partial-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(partial);
    const file = await options.progress.step(`downloading ${name}`, `downloaded ${name}`, () =>
      download(name, partial, options),
    );
    return await unpack(name, file, partial, options);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** The machine's own package lists may be missing, or too old for what its source still has: then with fresh ones. */
async function download(name: string, partial: string, options: PackageOptions): Promise<string> {
  const files = join(partial, 'files');
  await mkdir(files);
  try {
    await aptGet(['download', name], files, name, options);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    const ownLists = ['-o', `Dir::State::lists=${partial}/lists`, '-o', `Dir::Cache=${partial}`];
    await mkdir(join(partial, 'lists/partial'), { recursive: true });
    await mkdir(join(partial, 'archives/partial'), { recursive: true });
    await aptGet([...ownLists, 'update'], files, name, options);
    await aptGet([...ownLists, 'download', name], files, name, options);
  }
  const [file] = await readdir(files);
  if (file === undefined) throw new SandboxError(`apt-get downloaded no file for ${name}`);
  return join(files, file);
}

async function aptGet(args: readonly string[], cwd: string, name: string, options: PackageOptions): Promise<void> {
  const logFile = join(options.folder, `${name}.apt.log`);
  const { environment, signal } = options;
  const advice = `Install it yourself, for example "apt-get install ${name}"`;
  await runProgram(
    { command: 'apt-get', args, cwd, environment, logFile, signal },
    `apt-get could not download the package ${name}. ${advice}`,
  );
}

/** A package file is named name_version_architecture.deb, with "%3a" for the colon of an epoch. */
async function unpack(name: string, file: string, partial: string, options: PackageOptions): Promise<string> {
  const version = /_([^_]+)_[^_]+\.deb$/.exec(file)?.[1] ?? '0';
  const path = join(options.folder, `${name}-${version}`);
  await runProgram(
    {
      command: 'dpkg-deb',
      args: ['--extract', file, join(partial, 'unpacked')],
      cwd: partial,
      environment: options.environment,
      logFile: join(options.folder, `${name}.apt.log`),
      signal: options.signal,
    },
    `dpkg-deb could not unpack the package ${name}`,
  );
  const programs = join(partial, 'unpacked/usr/bin');
  await rm(path, { recursive: true, force: true });
  await completeEntry(programs, path, await readdir(programs));
  return path;
}
