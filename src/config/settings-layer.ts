import type { ConfigFault } from './config-fault.js';
import { fileKeysOf } from './file-key.js';
import { nearest } from './nearest.js';
import { GROUPS, SETTINGS } from './settings.js';

const MAX_TYPO_EDITS = 3;

export interface GivenValue {
  value: unknown;
  /** Where it was given, in words. */
  origin: string;
  /** Folder of the file that gave it, from which relative paths start; absent: the environment gave it. */
  folder?: string;
}

/** What one source gives: setting path to value. Keys that are no settings are faults, not entries. */
export interface SettingsLayer {
  values: ReadonlyMap<string, GivenValue>;
  faults: readonly ConfigFault[];
}

type OriginOf = (keys: readonly (string | number)[]) => string;

/** Reads the parsed content of a source. An empty value (`key:`) counts as not given. */
export function layerOf(content: unknown, originOf: OriginOf, folder?: string): SettingsLayer {
  const reader = new LayerReader(originOf, folder);
  reader.read(content, []);
  return reader;
}

class LayerReader implements SettingsLayer {
  readonly values = new Map<string, GivenValue>();
  readonly faults: ConfigFault[] = [];

  constructor(
    private readonly originOf: OriginOf,
    private readonly folder: string | undefined,
  ) {}

  read(value: unknown, keys: readonly string[]): void {
    const path = keys.join('.');
    const setting = SETTINGS.get(path);
    if (value === null || value === undefined) {
      return;
    }
    if (setting) {
      const read = setting.elementClass ? this.readElements(value, new setting.elementClass(), keys) : value;
      this.values.set(path, { value: read, origin: this.originOf(keys), folder: this.folder });
    } else if (isGroup(value)) {
      Object.entries(value).forEach(([key, child]) => this.readKey(key, child, keys));
    } else {
      this.faults.push({ path, rule: 'must be a group of settings (key: value)', origin: this.originOf(keys) });
    }
  }

  private readKey(key: string, child: unknown, parents: readonly string[]): void {
    const keys = [...parents, key];
    const path = keys.join('.');
    if (!key.includes('.') && (SETTINGS.has(path) || GROUPS.has(path))) {
      this.read(child, keys);
      return;
    }
    const likely = nearest(path, [...SETTINGS.keys(), ...GROUPS].filter(Boolean), MAX_TYPO_EDITS);
    this.faults.push(unknownKey(path, likely, this.originOf(keys)));
  }

  private readElements(list: unknown, element: object, keys: readonly string[]): unknown {
    const nameByFileKey = fileNamesOf(element);
    return Array.isArray(list)
      ? list.map((item: unknown, index) =>
          isGroup(item) ? this.readElement(item, nameByFileKey, [...keys, index]) : item,
        )
      : list;
  }

  private readElement(
    item: Record<string, unknown>,
    nameByFileKey: ReadonlyMap<string, string>,
    keys: readonly (string | number)[],
  ): object {
    const known: Record<string, unknown> = {};
    for (const [key, child] of Object.entries(item)) {
      const property = nameByFileKey.get(key);
      if (property !== undefined) {
        known[property] = child;
        continue;
      }
      const path = `${keys.slice(0, -1).join('.')}[${keys.at(-1)}].${key}`;
      this.faults.push(
        unknownKey(path, nearest(key, nameByFileKey.keys(), MAX_TYPO_EDITS), this.originOf([...keys, key])),
      );
    }
    return known;
  }
}

/** The value of an unknown key is never shown: it may be a misspelled secret. */
export function unknownKey(path: string, likely: string | undefined, origin: string): ConfigFault {
  return { path, rule: likely ? `unknown setting, did you mean ${likely}?` : 'unknown setting', origin };
}

/** File name to property name of every property of a list's element. */
function fileNamesOf(element: object): Map<string, string> {
  const fileKeys = fileKeysOf(element);
  const properties = new Set([...Object.keys(element), ...Object.keys(fileKeys)]);
  return new Map([...properties].map((property) => [fileKeys[property] ?? property, property]));
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
