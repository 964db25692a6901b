import type { ConfigFault, ConfigWarning } from './config-fault.js';
import { variableOf } from './environment-variable.js';
import { holdsReference, referenceIn } from './reference.js';
import { MIN_CENSORED_LENGTH } from './secret.js';
import { readSecret, type SecretSources } from './secret-source.js';
import { type Setting, SETTINGS } from './settings.js';
import type { GivenValue } from './settings-layer.js';

export interface ResolvedSettings {
  /** References replaced by what they refer to; a setting whose reference has a fault is left out. */
  given: ReadonlyMap<string, GivenValue>;
  faults: ConfigFault[];
  warnings: ConfigWarning[];
}

/** Only the values that count are looked at: a reference that a higher layer overrides may point anywhere. */
export function resolveSecrets(given: ReadonlyMap<string, GivenValue>, sources: SecretSources): ResolvedSettings {
  const resolved: ResolvedSettings & { given: Map<string, GivenValue> } = {
    given: new Map(),
    faults: [],
    warnings: [],
  };
  for (const [path, value] of given) {
    const setting = SETTINGS.get(path);
    const result = setting?.isSecret ? resolve(setting, value, sources) : notSecret(path, value);
    if (result.fault === undefined) {
      resolved.given.set(path, { ...value, value: result.value });
    } else {
      resolved.faults.push({ path, rule: result.fault, origin: value.origin });
    }
    resolved.warnings.push(...(result.warnings ?? []).map((rule) => ({ path, rule, origin: value.origin })));
  }
  return resolved;
}

interface Resolution {
  value: unknown;
  fault?: string;
  warnings?: string[];
}

function resolve({ path }: Setting, { value, folder }: GivenValue, sources: SecretSources): Resolution {
  const reference = typeof value === 'string' ? referenceIn(value) : undefined;
  if (reference) {
    const read = readSecret(reference, folder, sources);
    return 'fault' in read ? { value, fault: read.fault } : { value: read.secret, warnings: warningsOf(read.secret) };
  }
  const isPlainInFile = folder !== undefined && value !== '';
  return { value, warnings: [...(isPlainInFile ? [plainInFile(path)] : []), ...warningsOf(value)] };
}

function notSecret(path: string, { value }: GivenValue): Resolution {
  const fault = `is no secret, so a reference in it is not resolved: write the value itself, or set ${variableOf(path)}`;
  return holdsReference(value) ? { value, fault } : { value };
}

function plainInFile(path: string): string {
  return (
    'is a secret and stands in a file as plain text: refer to it by ${env:NAME} or ${file:/path}, encrypt it with ' +
    `--encrypt, or set ${variableOf(path)}`
  );
}

function warningsOf(secret: unknown): string[] {
  const isShort = typeof secret === 'string' && secret !== '' && secret.length < MIN_CENSORED_LENGTH;
  return isShort
    ? [`has less than ${MIN_CENSORED_LENGTH} characters, so log lines are not searched for it: choose a longer secret`]
    : [];
}
