import { parseTaskKey } from '../domain/task.js';

/** What became of the bytes of a message: the message, or why it is none. */
export type ParsedMessage<T> =
  | { isValid: true; message: T }
  /** `isNewer`: written by a later release, whose messages this one must not guess at. */
  | { isValid: false; isNewer: boolean; reason: string };

export interface FieldRule {
  /** Completes "must be …". */
  expected: string;
  isOptional?: boolean;
  accepts(value: unknown): boolean;
}

/** One rule for each field of the message, so that a field without a check does not compile. */
export type MessageRules<T> = { [K in keyof Required<T>]: FieldRule };

/**
 * Checks the version first, then each field. The message holds the known fields only, so that nothing unchecked gets in.
 * The reason names the field, never its value.
 */
export function parseMessage<T extends { version: number }>(
  bytes: Uint8Array,
  version: T['version'],
  rules: MessageRules<T>,
): ParsedMessage<T> {
  const body = parseObject(bytes);
  if (!body) {
    return invalid('is not a JSON object');
  }
  if (typeof body.version === 'number' && body.version > version) {
    return { isValid: false, isNewer: true, reason: `has version ${body.version}; this release knows ${version}` };
  }
  const message: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries<FieldRule>(rules)) {
    const value = body[name];
    if (value === undefined && rule.isOptional) {
      continue;
    }
    if (!rule.accepts(value)) {
      return invalid(`${name} must be ${rule.expected}`);
    }
    message[name] = value;
  }
  return { isValid: true, message: message as T };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const pipelineId: FieldRule = {
  expected: 'the id of a pipeline',
  accepts: (value) => typeof value === 'string' && parseTaskKey(`${value}#0`) !== undefined,
};
export const text: FieldRule = { expected: 'a text', accepts: (value) => typeof value === 'string' };
export const name: FieldRule = {
  expected: 'a text that is not empty',
  accepts: (value) => typeof value === 'string' && value.length > 0,
};
export const flag: FieldRule = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' };
export const count: FieldRule = {
  expected: 'a whole number of at least 0',
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};
export const measure: FieldRule = {
  expected: 'a number of at least 0',
  accepts: (value) => Number.isFinite(value) && (value as number) >= 0,
};
export const share: FieldRule = {
  expected: 'a number above 0',
  accepts: (value) => Number.isFinite(value) && (value as number) > 0,
};

export function oneOf(...words: readonly (string | number)[]): FieldRule {
  return { expected: words.join(' or '), accepts: (value) => words.includes(value as string | number) };
}

export function optional(rule: FieldRule): FieldRule {
  return { ...rule, isOptional: true };
}

function invalid<T>(reason: string): ParsedMessage<T> {
  return { isValid: false, isNewer: false, reason };
}

function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isObject(body) ? body : undefined;
  } catch {
    // Not UTF-8 or not JSON: the caller gets it as a reason.
    return undefined;
  }
}
