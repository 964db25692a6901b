import { AppConfig } from './app-config.js';
import { elementClassOf } from './elements-of.js';
import { isInputFile } from './input-file.js';
import { isSecret } from './secret.js';

/** One leaf of the schema. */
export interface Setting {
  /** Such as `kafka.names.tenant`. */
  path: string;
  default: unknown;
  isSecret: boolean;
  /** True for the path of a file that the program reads. */
  isInputFile: boolean;
  /** Class of the elements, of a list of groups. */
  elementClass?: new () => object;
}

/** Every setting by its path, in the order of the schema. */
export const SETTINGS: ReadonlyMap<string, Setting> = new Map(
  leavesOf(new AppConfig(), '').map((setting) => [setting.path, setting]),
);

/** Every group by its path; the whole is ''. */
export const GROUPS: ReadonlySet<string> = new Set([
  '',
  ...[...SETTINGS.keys()].flatMap((path) => parentsOf(path.split('.'))),
]);

/** The value at a path such as `kafka.names.tenant`. */
export function valueAt(config: AppConfig, path: string): unknown {
  return path.split('.').reduce<unknown>((group, key) => (group as Record<string, unknown>)[key], config);
}

function leavesOf(group: object, prefix: string): Setting[] {
  return Object.entries(group).flatMap(([key, value]: [string, unknown]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return leavesOf(value, path);
    }
    return [
      {
        path,
        default: value,
        isSecret: isSecret(group, key),
        isInputFile: isInputFile(group, key),
        elementClass: elementClassOf(group, key),
      },
    ];
  });
}

function parentsOf(keys: readonly string[]): string[] {
  return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join('.'));
}
