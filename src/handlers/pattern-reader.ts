import { RE2JS } from 're2js';
import { OptionFault } from './handler-type.js';
import { patternSize } from './pattern-size.js';
import { clipped } from './shown-text.js';

/** Some eighty times COMBINEDAPACHELOG: compiled in a fraction of a second, and some 20 MB. */
export const MAX_INSTRUCTIONS = 100_000;
/** RE2 may quote the whole pattern, which the named ones of grok can make very long. */
const MAX_FAULT_CHARACTERS = 300;

/** Compiles the patterns of one list of handlers, which have a limit that they share. */
export class PatternReader {
  private instructions = 0;

  /**
   * A regular expression that takes time in proportion to the text, whatever somebody has written. Throws an
   * {@link OptionFault} for one that is none, or too large.
   */
  read(option: string, text: string, flags = 0): RE2JS {
    // Before it is compiled: `(...){1000}` takes half a second and 200 MB.
    this.check(option, patternSize(text));
    const pattern = compile(option, text, flags);
    this.check(option, pattern.programSize());
    this.instructions += pattern.programSize();
    return pattern;
  }

  private check(option: string, size: number): void {
    if (this.instructions + size > MAX_INSTRUCTIONS) {
      const before = this.instructions > 0 ? `, and the patterns before it to ${this.instructions}` : '';
      throw new OptionFault(
        option,
        `compiles to some ${size} instructions${before}; those of a pipeline may have ${MAX_INSTRUCTIONS} together`,
      );
    }
  }
}

function compile(option: string, text: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(text, flags);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new OptionFault(option, `is not a regular expression: ${clipped(message, MAX_FAULT_CHARACTERS)}`);
  }
}
