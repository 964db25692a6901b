/**
 * Parses JSON so that two values are equal only when their numbers are spelled alike: a number that JavaScript would
 * write in another way (1.0, 9007199254740993) becomes a text that holds its spelling. Throws on what is no JSON.
 */
export function parseExactly(text: string): unknown {
  const revive: Reviver = (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined && String(value) !== context.source
      ? `number ${context.source}`
      : value;
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown);
}

/** With the third argument, which the library types do not know yet: the source text of a primitive value. */
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
