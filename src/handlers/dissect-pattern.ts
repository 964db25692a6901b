import { clipped } from './shown-text.js';
import { OptionFault } from './handler-type.js';

/** What becomes of the text at a key: a field, more of a field, nothing, or the value of a field named by another text. */
export type DissectKind = 'field' | 'append' | 'skip' | 'reference';

export interface DissectKey {
  kind: DissectKind;
  /** Empty for a key that is passed over. */
  name: string;
  /** The delimiter after it may stand there several times: `%{a->}`. */
  isPadded: boolean;
  /** What stands after it; empty after the last key of a pattern that ends with it. */
  delimiter: string;
}

export interface DissectPattern {
  /** What stands before the first key. */
  prefix: string;
  keys: readonly DissectKey[];
}

const KEY = /%\{([^}]*)\}/g;
const INSIDE = /^([+?&]?)(.*?)(->)?$/;
const KINDS: Readonly<Record<string, DissectKind>> = { '+': 'append', '?': 'skip', '&': 'reference', '': 'field' };
const MAX_KEYS = 100;

export function parseDissect(option: string, text: string): DissectPattern {
  const found = [...text.matchAll(KEY)];
  const keys = found.map((token, index) => {
    const from = token.index + token[0].length;
    return keyOf(option, token, text.slice(from, found[index + 1]?.index ?? text.length));
  });
  checkKeys(option, keys);
  return { prefix: text.slice(0, found[0]?.index), keys };
}

function keyOf(option: string, [token, inside = '']: RegExpExecArray, delimiter: string): DissectKey {
  const [, sign = '', name = '', padding] = INSIDE.exec(inside) ?? [];
  const isSkipped = sign === '' && name === '';
  if (name === '' && sign !== '' && sign !== '?') {
    throw new OptionFault(option, `has ${token}, which needs a name`);
  }
  return {
    kind: isSkipped ? 'skip' : (KINDS[sign] as DissectKind),
    name,
    isPadded: padding !== undefined,
    delimiter,
  };
}

function checkKeys(option: string, keys: readonly DissectKey[]): void {
  if (keys.length === 0 || keys.length > MAX_KEYS) {
    throw new OptionFault(option, `has ${keys.length} keys like %{name}; 1 to ${MAX_KEYS} are allowed`);
  }
  const together = keys.slice(0, -1).find(({ delimiter }) => delimiter === '');
  if (together) {
    throw new OptionFault(
      option,
      `has nothing between %{${together.name}} and the next key; a delimiter must part them`,
    );
  }
  const names = keys.filter(({ kind }) => kind === 'field').map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new OptionFault(option, `has %{${twice}} twice; %{+${twice}} appends to it`);
  }
  const lost = keys.find(
    ({ kind, name }) => kind === 'reference' && !keys.some((key) => key.kind === 'skip' && key.name === name),
  );
  if (lost) {
    throw new OptionFault(option, `has %{&${lost.name}}, whose name %{?${lost.name}} would give`);
  }
}

/** The text at each key, or why the text does not have the pattern's form. */
export function dissect(text: string, { prefix, keys }: DissectPattern): string[] | { fault: string } {
  if (!text.startsWith(prefix)) {
    return { fault: `does not begin with ${JSON.stringify(prefix)}` };
  }
  const values: string[] = [];
  let from = prefix.length;
  for (const [index, key] of keys.entries()) {
    const end = index === keys.length - 1 ? endOfLast(text, from, key) : text.indexOf(key.delimiter, from);
    if (end < from) {
      return { fault: `has no ${JSON.stringify(clipped(key.delimiter))} where %{${key.name}} should end` };
    }
    values.push(withoutPadding(text.slice(from, end), key, index === keys.length - 1));
    from = end + key.delimiter.length;
    while (key.isPadded && key.delimiter !== '' && text.startsWith(key.delimiter, from)) {
      from += key.delimiter.length;
    }
  }
  return values;
}

/** The last delimiter ends the text, so that nothing of the text is left over. */
function endOfLast(text: string, from: number, { delimiter }: DissectKey): number {
  return text.endsWith(delimiter) && text.length - delimiter.length >= from ? text.length - delimiter.length : -1;
}

function withoutPadding(value: string, { isPadded, delimiter }: DissectKey, isLast: boolean): string {
  let end = value.length;
  while (isLast && isPadded && delimiter !== '' && value.endsWith(delimiter, end)) {
    end -= delimiter.length;
  }
  return value.slice(0, end);
}
