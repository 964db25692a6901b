import { resolve } from 'node:path';
import { SETTINGS } from './settings.js';
import type { GivenValue, SettingsLayer } from './settings-layer.js';

/** What counts in the end, by path: the last layer that gives a setting wins. Paths of input files become absolute. */
export function mergeLayers(layers: readonly SettingsLayer[]): ReadonlyMap<string, GivenValue> {
  const given = new Map(layers.flatMap((layer) => [...layer.values]));
  for (const [path, one] of given) {
    if (SETTINGS.get(path)?.isInputFile && one.folder !== undefined && typeof one.value === 'string' && one.value) {
      given.set(path, { ...one, value: resolve(one.folder, one.value) });
    }
  }
  return given;
}
