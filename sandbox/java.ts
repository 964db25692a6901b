import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { SandboxError } from './sandbox-error.ts';

const run = promisify(execFile);
const oldestMajor = 17;
const answerDeadlineMs = 15_000;

export interface JavaHome {
  home: string;
  version: string;
  major: number;
}

/** The newest Java of this machine. Throws one line that says what to install when none is new enough. */
export async function getJava(environment: NodeJS.ProcessEnv): Promise<JavaHome> {
  const found = await Promise.all(javaCandidates(environment).map(askVersion));
  const homes = found.filter((java) => java !== undefined);
  const java = chooseJava(homes);
  if (java !== undefined) return java;
  const seen = homes.length === 0 ? '' : ` (found only ${homes.map(({ version }) => version).join(', ')})`;
  throw new SandboxError(
    `Java ${oldestMajor} or newer is missing${seen}: install a JDK, for example "apt-get install openjdk-17-jdk-headless", or set JAVA_HOME.`,
  );
}

/** The newest of those that can run the services; the first of equals; undefined when none can. */
export function chooseJava(homes: readonly JavaHome[]): JavaHome | undefined {
  return homes
    .filter(({ major }) => major >= oldestMajor)
    .reduce<JavaHome | undefined>(
      (best, java) => (best === undefined || compareVersions(java.version, best.version) > 0 ? java : best),
      undefined,
    );
}

/** Reads what `java -XshowSettings:properties -version` prints; undefined when it is not that. */
export function parseJava(output: string): JavaHome | undefined {
  const version = /version "([^"]+)"/.exec(output)?.[1];
  const home = /^\s*java\.home = (.+)$/m.exec(output)?.[1]?.trim();
  if (version === undefined || home === undefined) return undefined;
  const [first = 0, second = 0] = numbersOf(version);
  // Until 8 the version began with "1.".
  return { home, version, major: first === 1 ? second : first };
}

/** The OpenSearch that runs on this Java: 3.x needs 21, 2.19 runs on 17 to 23. */
export function openSearchVersionFor(javaMajor: number): '2.19.4' | '3.4.0' {
  return javaMajor >= 21 ? '3.4.0' : '2.19.4';
}

async function askVersion(command: string): Promise<JavaHome | undefined> {
  try {
    const { stdout, stderr } = await run(command, ['-XshowSettings:properties', '-version'], {
      timeout: answerDeadlineMs,
    });
    return parseJava(stdout + stderr);
  } catch {
    return undefined; // a broken installation counts as none
  }
}

/** Every place where a `java` may be, JAVA_HOME and PATH first; only those that exist. */
function javaCandidates(environment: NodeJS.ProcessEnv): string[] {
  const onPath = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const homes = [
    ...(environment['JAVA_HOME'] ? [environment['JAVA_HOME']] : []),
    ...['/usr/lib/jvm', '/usr/java', '/opt', '/opt/java', join(homedir(), '.sdkman/candidates/java')].flatMap(children),
    ...children('/Library/Java/JavaVirtualMachines').map((folder) => join(folder, 'Contents/Home')),
  ];
  const commands = [...homes.map((home) => join(home, 'bin/java')), ...onPath.map((folder) => join(folder, 'java'))];
  return [...new Set(commands)].filter((command) => existsSync(command));
}

function children(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [numbersOf(left), numbersOf(right)];
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return version
    .split(/[._+-]/)
    .map(Number)
    .filter((part) => Number.isInteger(part));
}
