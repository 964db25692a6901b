import { RE2JS } from 're2js';
import { OptionFault, type OptionSchema } from './handler-type.js';

/** Longer ones are programs; their compilation would be the attack. */
export const MAX_PATTERN_CHARACTERS = 1000;

/** RE2 may quote the whole pattern, which the named ones of grok can make very long. */
const MAX_FAULT_CHARACTERS = 300;

/** Schema of an option that is a regular expression. */
export function patternOption(description: string, example: string): OptionSchema {
  const syntax =
    'RE2 syntax: neither look-around nor back-references, and no pattern takes longer than its text is long';
  return {
    ...{ description: `${description} (${syntax})`, example },
    ...{ type: 'string', minLength: 1, maxLength: MAX_PATTERN_CHARACTERS },
  };
}

/** A regular expression that takes time in proportion to the text, whatever somebody has written. */
export function readPattern(option: string, text: string): RE2JS {
  try {
    return RE2JS.compile(text);
  } catch (error) {
    throw new OptionFault(
      option,
      `is not a regular expression: ${(error instanceof Error ? error.message : String(error)).slice(0, MAX_FAULT_CHARACTERS)}`,
    );
  }
}
