import 'reflect-metadata';
import { ValidateBy } from 'class-validator';

/** The JSON Schema of one value, for programs that check settings before this one does (Helm). */
export type ValueShape = Readonly<Record<string, unknown>>;

/** What a setting's value must be. */
export interface Rule {
  /** In words, beginning with "must be". */
  text: string;
  shape: ValueShape;
}

const RULES = Symbol('rules of a setting');

interface IntegerRange {
  /** A value outside the range that is legal too, such as -1 for "the broker decides". */
  or?: number;
}

/** A whole number from `min` to `max`, both included. One decorator, so that a bad value is one fault and not three. */
export function IsWholeNumber(min: number, max: number, range: IntegerRange = {}): PropertyDecorator {
  const extra = range.or === undefined ? '' : `${range.or} or `;
  return rule(
    'isWholeNumber',
    [min, max, range.or],
    `must be ${extra}a whole number from ${min} to ${max}`,
    (value) => Number.isInteger(value) && (value === range.or || (Number(value) >= min && Number(value) <= max)),
    range.or === undefined
      ? { type: 'integer', minimum: min, maximum: max }
      : { type: 'integer', anyOf: [{ const: range.or }, { minimum: min, maximum: max }] },
  );
}

/** A number, not necessarily whole, from `min` to `max`, both included. */
export function IsNumberBetween(min: number, max: number): PropertyDecorator {
  return rule(
    'isNumberBetween',
    [min, max],
    `must be a number from ${min} to ${max}`,
    (value) => typeof value === 'number' && value >= min && value <= max,
    { type: 'number', minimum: min, maximum: max },
  );
}

/** `http(s)://host...` that holds no credentials. */
export function IsHttpAddress(): PropertyDecorator {
  return rule('isHttpAddress', [], 'must be an http(s) address without user name or password', isHttpAddress, {
    type: 'string',
    pattern: '^https?://',
  });
}

/** As {@link IsHttpAddress}, or empty. */
export function IsOptionalHttpAddress(): PropertyDecorator {
  const inWords = 'must be empty or an http(s) address without user name or password';
  return rule('isOptionalHttpAddress', [], inWords, (value) => value === '' || isHttpAddress(value), {
    type: 'string',
  });
}

export function IsFlag(): PropertyDecorator {
  return rule('isFlag', [], 'must be true or false', (value) => typeof value === 'boolean', { type: 'boolean' });
}

export function IsOneOf(allowed: readonly string[]): PropertyDecorator {
  return rule('isOneOf', [allowed], `must be ${listing(allowed)}`, (value) => allowed.includes(value as string), {
    enum: allowed,
  });
}

/** Any text of one line, also none. */
export function IsText(maxLength = 1024): PropertyDecorator {
  return rule(
    'isText',
    [maxLength],
    `must be text of one line and at most ${maxLength} characters`,
    (value) => typeof value === 'string' && value.length <= maxLength && !hasControlCharacter(value),
    { type: 'string', maxLength },
  );
}

/** Text of one line that is not empty. */
export function IsFilledText(maxLength = 255): PropertyDecorator {
  return rule(
    'isFilledText',
    [maxLength],
    `must be text of one line, 1 to ${maxLength} characters`,
    (value) =>
      typeof value === 'string' && value.trim() !== '' && value.length <= maxLength && !hasControlCharacter(value),
    { type: 'string', minLength: 1, maxLength },
  );
}

export function IsMatching(pattern: RegExp, inWords: string): PropertyDecorator {
  return rule(
    'isMatching',
    [pattern.source],
    `must be ${inWords}`,
    (value) => typeof value === 'string' && pattern.test(value),
    { type: 'string', pattern: pattern.source },
  );
}

/** A list whose elements all pass `isLegal`; an empty list only when `minItems` is 0. */
export function IsListOf(
  inWords: string,
  minItems: number,
  isLegal: (item: unknown) => boolean,
  items: ValueShape = { type: 'string' },
): PropertyDecorator {
  const count = minItems === 0 ? '' : ` with at least ${minItems} element${minItems === 1 ? '' : 's'}`;
  return rule(
    'isListOf',
    [inWords, minItems],
    `must be a list of ${inWords}${count}`,
    (value) => Array.isArray(value) && value.length >= minItems && value.every(isLegal),
    { type: 'array', minItems, items },
  );
}

/** Without a shape, only this program checks the rule. */
export function rule(
  name: string,
  constraints: unknown[],
  text: string,
  validate: (value: unknown) => boolean,
  shape: ValueShape = {},
): PropertyDecorator {
  const check = ValidateBy({ name, constraints, validator: { validate, defaultMessage: () => text } });
  return (target, property) => {
    check(target, property);
    // Decorators are applied from the last one up.
    Reflect.defineMetadata(RULES, [{ text, shape }, ...rulesOf(target, property)], target, property);
  };
}

/** In the order of the source; empty for a property of the section (an instance) without rules, such as a group. */
export function rulesOf(section: object, property: string | symbol): readonly Rule[] {
  return (Reflect.getMetadata(RULES, section, property) as readonly Rule[] | undefined) ?? [];
}

function listing(words: readonly string[]): string {
  return words.length === 1 ? `${words[0]} (the only one so far)` : `one of ${words.join(', ')}`;
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function isHttpAddress(value: unknown): boolean {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
