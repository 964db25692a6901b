import { RE2JS } from 're2js';
import { tooLongFor } from '../find-matches.js';
import { OptionFault } from '../handler-type.js';
import type { PatternReader } from '../pattern-reader.js';

/** Patterns belong to the syntax tree of an expression, which lives as long as its task. */
const compiled = new WeakMap<RegExp, RE2JS>();

/** Throws an {@link OptionFault} for what RE2 does not have, look-around and back-references, and for what is too large. */
export function readRe2(option: string, written: RegExp, patterns: PatternReader): void {
  const flags = (written.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (written.multiline ? RE2JS.MULTILINE : 0);
  try {
    compiled.set(written, patterns.read(option, RE2JS.translateRegExp(written.source), flags));
  } catch (error) {
    throw error instanceof OptionFault ? new OptionFault(option, `has a pattern that ${error.message}`) : error;
  }
}

/** What JSONata needs of a regular expression, on RE2; one is made for each evaluation of one. */
export class Re2Engine {
  /** Where the next search begins. */
  lastIndex = 0;
  private readonly pattern: RE2JS;
  private readonly deadline: number;

  constructor(written: RegExp, limitMs: number) {
    this.pattern = compiledOf(written);
    this.deadline = performance.now() + limitMs;
  }

  /** Throws when the searches with it take too long: the functions that call it have no other check. */
  exec(text: string): (string[] & { index: number }) | null {
    const fault = tooLongFor(this.pattern, text);
    if (fault) {
      throw new Error(`a text that is searched ${fault}`);
    }
    if (performance.now() > this.deadline) {
      throw new Error('searching a text takes too long');
    }
    const match = this.pattern.matcher(text);
    if (this.lastIndex > text.length || !match.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    this.lastIndex = match.end();
    const groups = Array.from({ length: match.groupCount() + 1 }, (_, group) => match.group(group) as string);
    return Object.assign(groups, { index: match.start() });
  }
}

function compiledOf(written: RegExp): RE2JS {
  const pattern = compiled.get(written);
  if (!pattern) {
    throw new Error('the expression has a pattern that was not read with it');
  }
  return pattern;
}
