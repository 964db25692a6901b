import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The program's file in the first folder of the PATH that has it; undefined when none has. */
export function findOnPath(command: string, environment: NodeJS.ProcessEnv): string | undefined {
  return (environment['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, command))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
