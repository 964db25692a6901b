import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { withLock } from '../../scripts/bootstrap/lock.mjs';
import type { Progress } from '../progress.ts';
import { SandboxError } from '../sandbox-error.ts';
import type { Artifact } from './artifacts.ts';
import { completeEntry, isWholeEntry, removeRests } from './cache-entry.ts';
import { findFaults } from './manifest.ts';
import { requireMaven, runMaven } from './maven.ts';
import { unzip } from './unzip.ts';

const bytesPerMegabyte = 1e6;

/** Where downloads are kept for all clones of this user. */
export function cacheFolderOf(environment: NodeJS.ProcessEnv): string {
  if (environment['SDP_CACHE_DIR']) return environment['SDP_CACHE_DIR'];
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'flow-stream-data-pipeline');
}

export interface FetchOptions {
  progress: Progress;
  /** For Maven, when the environment offers it no Java. */
  javaHome: string | undefined;
  /** Ends the download when aborted; nothing half made is left in the cache's place. */
  signal: AbortSignal | undefined;
}

/**
 * Unpacked distributions, shared by all sandboxes and never written to by a service. An entry appears whole, by a
 * rename, after its download matched the pinned sizes and digests; processes that want the same one take turns.
 */
export class DownloadCache {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(folder: string, environment: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#environment = environment;
  }

  /** True when `fetch` needs no download. */
  has(artifact: Artifact): boolean {
    return isWholeEntry(this.#pathOf(artifact));
  }

  /** The folder of the artifact; downloads what is missing, and again what was damaged in the cache. */
  async fetch(artifact: Artifact, options: FetchOptions): Promise<string> {
    const path = this.#pathOf(artifact);
    if (isWholeEntry(path)) return path;
    requireMaven(this.#environment);
    const { progress, signal } = options;
    const onWait = (pid: number) => progress.say(`waiting for process ${pid}, which downloads ${artifact.name}`);
    const installOnce = async () => {
      if (!isWholeEntry(path)) await this.#install(artifact, path, options);
    };
    await withLock(`${path}.lock`, installOnce, { onWait, signal });
    return path;
  }

  async #install(artifact: Artifact, path: string, options: FetchOptions): Promise<void> {
    await removeRests(path);
    const partial = `${path}.partial-${randomBytes(4).toString('hex')}`;
    try {
      await this.#installInto(partial, path, artifact, options);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }

  async #installInto(partial: string, path: string, artifact: Artifact, options: FetchOptions): Promise<void> {
    const files = join(partial, 'files');
    await mkdir(files, { recursive: true });
    const { name } = artifact;
    await options.progress.step(`downloading ${describe(artifact)}`, `downloaded and checked ${name}`, () =>
      this.#download(artifact, partial, options),
    );
    options.signal?.throwIfAborted();
    if (artifact.unpackFrom === undefined) await completeEntry(files, path, await readdir(files));
    else await options.progress.step(`unpacking ${name}`, `unpacked ${name}`, () => unpack(artifact, partial, path));
  }

  async #download(artifact: Artifact, partial: string, { javaHome, signal }: FetchOptions): Promise<void> {
    const folder = join(partial, 'files');
    const logFile = join(this.#folder, `${artifact.name}.maven.log`);
    const attempt = async (localRepository: string | undefined) => {
      const run = { artifact, folder, logFile, javaHome, localRepository, signal };
      // Maven's local repository is not made for two writers.
      await withLock(join(this.#folder, 'maven.lock'), () => runMaven(run, this.#environment), { signal });
      return findFaults(folder, artifact.files);
    };
    if ((await attempt(undefined)).length === 0) return;
    // A broken file in the user's own repository would be copied for ever: the second attempt starts from an empty one.
    await rm(folder, { recursive: true });
    await mkdir(folder);
    const faults = await attempt(join(partial, 'repository'));
    if (faults.length === 0) return;
    throw new SandboxError(`The download of ${artifact.name} is not what this version expects: ${faults.join('; ')}`);
  }

  /** The digests are part of the name, so that a changed manifest never meets an older download. */
  #pathOf(artifact: Artifact): string {
    const digest = createHash('sha256')
      .update(artifact.files.map(({ sha256 }) => sha256).join())
      .digest('hex');
    return join(this.#folder, `${artifact.name}-${digest.slice(0, 8)}`);
  }
}

function describe({ name, files }: Artifact): string {
  const megabytes = Math.round(files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / bytesPerMegabyte);
  return `${name} (${files.length} file${files.length === 1 ? '' : 's'}, ${megabytes} MB)`;
}

async function unpack(artifact: Artifact, partial: string, path: string): Promise<void> {
  const folder = join(partial, 'unpacked');
  const names: string[] = [];
  for (const { name } of artifact.files) {
    names.push(...(await unzip(join(partial, 'files', name), artifact.unpackFrom ?? '', folder)));
  }
  await completeEntry(folder, path, names);
}
