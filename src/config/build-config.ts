import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { AppConfig } from './app-config.js';
import { ConfigError } from './config-error.js';
import type { ConfigFault, ConfigWarning } from './config-fault.js';
import { CROSS_FIELD_RULES, type CrossFieldRule } from './cross-field-rules.js';
import { fileKeysOf } from './file-key.js';
import { showValue } from './masking.js';
import { mergeLayers } from './merge-layers.js';
import { resolveSecrets } from './resolve-secrets.js';
import { SecretKeyFile } from './secret-key-file.js';
import { SETTINGS, valueAt } from './settings.js';
import type { GivenValue, SettingsLayer } from './settings-layer.js';
import { findTlsFaults } from './tls-file-rules.js';

export interface LoadedConfig {
  /** Validated, and frozen through and through. */
  config: AppConfig;
  /** What should be mended although the program runs with it; often empty. */
  warnings: readonly ConfigWarning[];
}

/**
 * Lays the layers over each other (the last one wins), puts secrets in the place of references to them and checks the
 * whole, the files that it names included.
 * @throws ConfigError with every fault of every layer at once.
 */
export function buildConfig(
  layers: readonly SettingsLayer[],
  environment: Readonly<Record<string, string | undefined>> = {},
): LoadedConfig {
  const merged = mergeLayers(layers);
  const key = new SecretKeyFile(merged);
  const { given, faults: ofSecrets, warnings } = resolveSecrets(merged, { environment, findKey: () => key.find() });
  const config = plainToInstance(AppConfig, nest(given));
  const faults = [...layers.flatMap((layer) => layer.faults), ...ofSecrets, ...faultsOf(config, given, ofSecrets)];
  if (faults.length > 0) {
    throw new ConfigError(faults);
  }
  return {
    config: deepFreeze(config),
    warnings: [...warnings, ...key.warnings(), ...failPointWarnings(config, given)],
  };
}

function nest(given: ReadonlyMap<string, GivenValue>): object {
  const root: Record<string, unknown> = {};
  for (const [path, { value }] of given) {
    const keys = path.split('.');
    const leaf = keys.pop() ?? path;
    let group = root;
    for (const key of keys) {
      group = (group[key] ??= {}) as Record<string, unknown>;
    }
    group[leaf] = value;
  }
  return root;
}

function faultsOf(
  config: AppConfig,
  given: ReadonlyMap<string, GivenValue>,
  known: readonly ConfigFault[],
): ConfigFault[] {
  const own = validateSync(config).flatMap((error) => flatten(error, '', given));
  const broken = new Set([...known, ...own].map((fault) => settingPathOf(fault.path)));
  const between = CROSS_FIELD_RULES.filter(
    (rule) => !rule.paths.some((path) => broken.has(path)) && rule.isBroken(config),
  );
  const files = findTlsFaults(config, (path) => broken.has(path));
  return [
    ...own,
    ...between.map(({ paths, rule }) => blame(paths, rule, config, given)),
    ...files.map(({ path, rule }) => blame([path], rule, config, given)),
  ];
}

function blame(
  paths: CrossFieldRule['paths'],
  rule: string,
  config: AppConfig,
  given: ReadonlyMap<string, GivenValue>,
): ConfigFault {
  const origin = (given.get(moved(paths, config)) ?? given.get(paths[0]))?.origin ?? '';
  return { path: paths[0], shown: showOf(paths[0], valueAt(config, paths[0])), rule, origin };
}

/** The blamed setting may still have its default: then who moved another one should hear of it. */
function moved(paths: CrossFieldRule['paths'], config: AppConfig): string {
  return paths.find((path) => valueAt(config, path) !== SETTINGS.get(path)?.default) ?? paths[0];
}

function flatten(error: ValidationError, prefix: string, given: ReadonlyMap<string, GivenValue>): ConfigFault[] {
  const path = pathOf(error, prefix);
  // That an element is no group is already the list's own fault, and groups are groups by now.
  const { nestedValidation: _said, ...constraints } = error.constraints ?? {};
  const own = Object.values(constraints).map((rule) => ({
    path,
    shown: showOf(path, error.value),
    rule,
    origin: given.get(settingPathOf(path))?.origin ?? '',
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, path, given))];
}

function pathOf(error: ValidationError, prefix: string): string {
  if (/^\d+$/.test(error.property)) {
    return `${prefix}[${error.property}]`;
  }
  const key = fileKeysOf(error.target ?? {})[error.property] ?? error.property;
  return prefix === '' ? key : `${prefix}.${key}`;
}

/** Nobody should find out from the crash that somebody has left them on. */
function failPointWarnings({ debug }: AppConfig, given: ReadonlyMap<string, GivenValue>): ConfigWarning[] {
  const path = 'debug.failPoints';
  const rule = 'this process kills itself at these steps, for tests of crashes only; empty it';
  const origin = given.get(path)?.origin ?? '';
  return debug.failPoints.length === 0 ? [] : [{ path, shown: showOf(path, debug.failPoints), rule, origin }];
}

/** `indexBase.bases[0].base_type` belongs to the setting `indexBase.bases`. */
function settingPathOf(path: string): string {
  return path.replace(/\[.*$/, '');
}

function showOf(path: string, value: unknown): string | undefined {
  return value === undefined ? undefined : showValue(value, SETTINGS.get(settingPathOf(path))?.isSecret ?? true);
}

function deepFreeze<T extends object>(value: T): T {
  Object.values(value).forEach((child: unknown) => {
    if (typeof child === 'object' && child !== null) {
      deepFreeze(child);
    }
  });
  return Object.freeze(value);
}
