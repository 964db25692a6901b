import type { Matcher, RE2JS } from 're2js';
import { type ComputingTime, TIME_IS_OVER } from './computing-time.js';

/**
 * One search takes time in proportion to the text and to the size of the pattern's program: this is their product, some
 * seconds of a slow core. A small pattern reaches a text of millions of characters, COMBINEDAPACHELOG one of 100,000.
 */
export const MAX_STEPS = 400_000_000;
/** Why the text is too long for the pattern, undefined when it is not. */
export function tooLongFor(pattern: RE2JS, text: string): string | undefined {
  const longest = Math.floor(MAX_STEPS / pattern.programSize());
  return text.length > longest
    ? `is ${text.length} characters long; a pattern of this size is matched with ${longest} at most`
    : undefined;
}

/**
 * Shows all matches to `visit`, from left to right, none overlapping another; it answers false to have no more. Answers
 * why it gave up, undefined when it did not. Finding all matches is not linear even with RE2: `a+b|a` looks at every `a`
 * to the end of the text and then takes one. No such pattern is useful, so a text in which one takes long is refused.
 */
export function visitMatches(
  pattern: RE2JS,
  text: string,
  time: ComputingTime,
  visit: (match: Matcher) => boolean,
): string | undefined {
  const fault = tooLongFor(pattern, text);
  if (fault) {
    return fault;
  }
  const matcher = pattern.matcher(text);
  while (matcher.find()) {
    if (!visit(matcher)) {
      return undefined;
    }
    if (time.isOver()) {
      return TIME_IS_OVER;
    }
  }
  return undefined;
}
