import { join, resolve } from 'node:path';

import { cacheFolderOf } from './download/cache.ts';
import { fetchDebianPackage, findDebianPackage } from './download/debian-package.ts';
import { findOnPath } from './find-on-path.ts';
import { Progress, type PrintLine } from './progress.ts';
import { SandboxError } from './sandbox-error.ts';

const packageName = 'prometheus';

/** The Prometheus server, and the tool that checks and tests its rules. */
export const prometheusPrograms = ['prometheus', 'promtool'] as const;

export type PrometheusProgram = (typeof prometheusPrograms)[number];

export interface PrometheusOptions {
  print: PrintLine;
  environment?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/**
 * The file of the program: the installed one, else the one of the Debian package in the cache, which is downloaded when it
 * is not there yet. Throws one line that says what to install where neither is possible.
 */
export async function getPrometheusProgram(program: PrometheusProgram, options: PrometheusOptions): Promise<string> {
  const { print, environment = process.env, signal } = options;
  const installed = findOnPath(program, environment);
  if (installed !== undefined) return installed;
  const folder = resolve(cacheFolderOf(environment));
  if (findDebianPackage(packageName, folder) === undefined) requirePackageTools(program, environment);
  const progress = new Progress(print, packageName);
  return join(await fetchDebianPackage(packageName, { folder, environment, progress, signal }), program);
}

function requirePackageTools(program: PrometheusProgram, environment: NodeJS.ProcessEnv): void {
  const missing = ['apt-get', 'dpkg-deb'].filter((tool) => findOnPath(tool, environment) === undefined);
  if (missing.length === 0) return;
  throw new SandboxError(
    `${program} is missing: install Prometheus so that "prometheus" and "promtool" are on the PATH. ` +
      `(Where apt-get and dpkg-deb are, it is fetched without being installed: ${missing.join(', ')} is not here.)`,
  );
}
