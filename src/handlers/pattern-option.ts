import type { OptionSchema } from './handler-type.js';

/** Longer ones are programs; their compilation would be the attack. */
export const MAX_PATTERN_CHARACTERS = 1000;

/** Schema of an option that is a regular expression. */
export function patternOption(description: string, example: string): OptionSchema {
  const syntax =
    'RE2 syntax: neither look-around nor back-references, and no pattern takes longer than its text is long';
  return {
    ...{ description: `${description} (${syntax})`, example },
    ...{ type: 'string', minLength: 1, maxLength: MAX_PATTERN_CHARACTERS },
  };
}
