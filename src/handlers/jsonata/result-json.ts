import { RecordFault } from '../record-fault.js';

/** As long as the largest record. */
const MAX_CHARACTERS = 32 * 1024 * 1024;
/** Looked at in a fraction of a second. */
const MAX_VALUES = 1_000_000;

/**
 * The JSON of a value that an expression gave. Such a value may hold one part many times, and what is no JSON at all, so it is
 * looked at before it is written.
 */
export function resultJson(value: unknown, maxDepth: number): string | RecordFault {
  const fault = new ResultCheck().faultIn(value, maxDepth);
  return fault === undefined ? JSON.stringify(value) : new RecordFault(`the expression gives ${fault}`);
}

class ResultCheck {
  private values = 0;
  private characters = 0;

  faultIn(value: unknown, depth: number): string | undefined {
    this.values++;
    switch (typeof value) {
      case 'string':
        this.characters += value.length;
        break;
      case 'number':
        if (!Number.isFinite(value)) {
          return 'a number that is beyond a double';
        }
        break;
      case 'function':
        return 'a function';
      case 'object':
        return value === null ? undefined : this.faultInParts(value, depth);
      default:
        break;
    }
    return this.faultInSize();
  }

  private faultInParts(value: object, depth: number): string | undefined {
    // What the library takes for a function is an object that is marked so; its parts lead in circles.
    if (Object.hasOwn(value, '_jsonata_lambda') || Object.hasOwn(value, '_jsonata_function')) {
      return 'a function';
    }
    if (depth === 0) {
      return 'a value that is nested too deeply';
    }
    // Arrays of the library have members with names as well, which are no part of the value.
    const parts = Array.isArray(value) ? (value as unknown[]) : Object.values(value);
    for (const part of parts) {
      const fault = this.faultIn(part, depth - 1);
      if (fault !== undefined) {
        return fault;
      }
    }
    if (parts !== value) {
      this.characters += Object.keys(value).join('').length;
    }
    return this.faultInSize();
  }

  private faultInSize(): string | undefined {
    if (this.values > MAX_VALUES) {
      return `more than ${MAX_VALUES} values`;
    }
    return this.characters > MAX_CHARACTERS ? `more than ${MAX_CHARACTERS} characters` : undefined;
  }
}
