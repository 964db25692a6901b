import type { ConfigFault } from './config-fault.js';
import { VARIABLE_PREFIX, variableOf } from './environment-variable.js';
import { nearest } from './nearest.js';
import { type Setting, SETTINGS } from './settings.js';
import { type GivenValue, layerOf, type SettingsLayer, unknownKey } from './settings-layer.js';

/** Variables of the programs around this one: sandbox, tests, benchmarks. */
const FOREIGN = /^SDP_(SANDBOX_|TEST_|BENCH_|CACHE_DIR$)/;
/** What Kubernetes puts into each container for a Service called `sdp-<section>`. */
const SERVICE_LINK = /_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP|SCTP)(_|$)/;
const SERVICE_LINK_ADDRESS = /^(tcp|udp|sctp):\/\//;
const MAX_TYPO_EDITS = 2;

const settingByVariable: ReadonlyMap<string, Setting> = new Map(
  [...SETTINGS.values()].map((setting) => [variableOf(setting.path), setting]),
);
const sectionPrefixes = new Set([...SETTINGS.keys()].map((path) => `${variableOf(path.split('.')[0] ?? '')}_`));

/** A variable of a known section that names no setting is a fault; one of another section is somebody else's. */
export function environmentLayer(environment: Readonly<Record<string, string | undefined>>): SettingsLayer {
  const values = new Map<string, GivenValue>();
  const faults: ConfigFault[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    if (text === undefined || !variable.startsWith(VARIABLE_PREFIX) || isForeign(variable, text)) {
      continue;
    }
    const setting = settingByVariable.get(variable);
    if (!setting) {
      faults.push(...faultOf(variable));
      continue;
    }
    const read = readValue(setting, text, variable);
    faults.push(...read.faults);
    read.values.forEach((given, path) => values.set(path, given));
  }
  return { values, faults };
}

function isForeign(variable: string, text: string): boolean {
  return FOREIGN.test(variable) || SERVICE_LINK.test(variable) || SERVICE_LINK_ADDRESS.test(text);
}

function faultOf(variable: string): ConfigFault[] {
  const isOfSection = [...sectionPrefixes].some((prefix) => variable.startsWith(prefix));
  const likely = nearest(variable, settingByVariable.keys(), isOfSection ? Infinity : MAX_TYPO_EDITS);
  return isOfSection || likely ? [unknownKey(variable, likely, 'environment')] : [];
}

function readValue(setting: Setting, text: string, variable: string): SettingsLayer {
  const value = parseText(setting.default, text);
  const content = setting.path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  return layerOf(content, () => variable);
}

/** Text that does not fit the setting's type is kept as it is: the schema then names the rule that it breaks. */
function parseText(like: unknown, text: string): unknown {
  if (typeof like === 'number') {
    return /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
  }
  if (typeof like === 'boolean') {
    const word = text.trim().toLowerCase();
    return word === 'true' || word === 'false' ? word === 'true' : text;
  }
  return Array.isArray(like) ? parseList(text) : text;
}

function parseList(text: string): unknown {
  if (!text.trim().startsWith('[')) {
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON: the schema's rule for the list says what it should have been.
    return text;
  }
}
