import { findOnPath } from '../find-on-path.ts';
import { runProgram } from '../run-program.ts';
import { SandboxError } from '../sandbox-error.ts';
import type { Artifact } from './artifacts.ts';

// Pinned, else the plugin's version and behaviour depend on which Maven is installed.
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

export interface MavenRun {
  artifact: Artifact;
  /** An existing folder; the artifact's files come into it. */
  folder: string;
  logFile: string;
  /** Used for Maven itself when the environment offers it no Java. */
  javaHome: string | undefined;
  /** Instead of the user's local repository; undefined keeps that one. */
  localRepository: string | undefined;
  signal: AbortSignal | undefined;
}

/** Throws one line that says what to install when there is no Maven on the PATH. */
export function requireMaven(environment: NodeJS.ProcessEnv): void {
  if (findOnPath('mvn', environment) === undefined) {
    throw new SandboxError(
      'Maven is missing: install it, for example "apt-get install maven", so that "mvn" is on the PATH.',
    );
  }
}

/** Lets Maven fetch the artifact, with the user's own settings, mirrors and proxies. */
export async function runMaven(run: MavenRun, environment: NodeJS.ProcessEnv): Promise<void> {
  const program = {
    command: 'mvn',
    args: argumentsOf(run),
    // Not the clone: a pom.xml or .mvn folder there is none of our business.
    cwd: run.folder,
    environment: withJava(environment, run.javaHome),
    logFile: run.logFile,
    signal: run.signal,
  };
  await runProgram(program, `Maven could not download ${run.artifact.name}`);
}

function argumentsOf({ artifact: { request }, folder, localRepository }: MavenRun): string[] {
  const flags = [
    '--batch-mode',
    '--quiet',
    '--no-transfer-progress',
    '-Dstyle.color=never',
    `-DoutputDirectory=${folder}`,
  ];
  if (localRepository !== undefined) flags.push(`-Dmaven.repo.local=${localRepository}`);
  switch (request.kind) {
    case 'artifact':
      return [...flags, `${plugin}:copy`, `-Dartifact=${request.coordinates}`];
    case 'dependencies':
      return [...flags, '-f', request.pom, `${plugin}:copy-dependencies`, '-DincludeScope=runtime'];
  }
}

function withJava(environment: NodeJS.ProcessEnv, javaHome: string | undefined): NodeJS.ProcessEnv {
  const hasOwn = environment['JAVA_HOME'] !== undefined || findOnPath('java', environment) !== undefined;
  return hasOwn || javaHome === undefined ? environment : { ...environment, JAVA_HOME: javaHome };
}
