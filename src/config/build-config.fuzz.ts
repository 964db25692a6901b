import fc from 'fast-check';
import { stringify } from 'yaml';
import type { AppConfig } from './app-config.js';
import { buildConfig, type LoadedConfig } from './build-config.js';
import { ConfigError } from './config-error.js';
import { environmentLayer } from './environment-layer.js';
import { variableOf } from './environment-variable.js';
import { SETTINGS } from './settings.js';
import { layerOf } from './settings-layer.js';
import { parseSettings } from './settings-file.js';

const path = fc.constantFrom(...SETTINGS.keys());
const key = fc.oneof(
  fc.constantFrom(
    'server',
    'kafka',
    'names',
    'tenant',
    'mq',
    'password',
    'indexBase',
    'bases',
    'base_type',
    '__proto__',
  ),
  fc.string(),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));

/** Either a frozen configuration or the list of faults: nothing else may come out. */
function outcome(build: () => LoadedConfig): AppConfig | ConfigError {
  try {
    return build().config;
  } catch (error) {
    if (error instanceof ConfigError && error.faults.length > 0) {
      return error;
    }
    throw error;
  }
}

describe('any configuration', () => {
  it('is accepted and frozen, or refused with faults, whatever a file holds', () => {
    fc.assert(
      fc.property(value, (content) => {
        const result = outcome(() => buildConfig([layerOf(content, () => 'file')]));
        expect(result instanceof ConfigError || Object.isFrozen(result.kafka.names)).toBe(true);
        expect(({} as Record<string, unknown>)['tenant']).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('is accepted or refused whatever text a file is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          value.map((content) => stringify(content)),
        ),
        (text) => {
          outcome(() => buildConfig([parseSettings(text, 'file')]));
        },
      ),
    );
  });

  it('is accepted or refused whatever a variable holds, and a refusal names the variable', () => {
    fc.assert(
      fc.property(path, fc.string(), (setting, text) => {
        const result = outcome(() => buildConfig([environmentLayer({ [variableOf(setting)]: text })]));
        if (result instanceof ConfigError) {
          expect(result.faults.every((fault) => fault.origin === variableOf(setting))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never shows a secret, whatever else is wrong', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{12}$/), value, (secret, other) => {
        const layer = layerOf(
          { mq: { password: secret }, database: { password: [secret] }, kafka: other },
          () => 'file',
        );
        const result = outcome(() => buildConfig([layer]));
        expect(result).toBeInstanceOf(ConfigError);
        expect((result as ConfigError).message).not.toContain(secret);
      }),
    );
  });
});
