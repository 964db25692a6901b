import jsonata from 'jsonata';
import { clipped } from '../shown-text.js';
import { OptionFault } from '../handler-type.js';
import type { PatternReader } from '../pattern-reader.js';
import { Re2Engine, readRe2 } from './re2-engine.js';

/** Evaluates an expression over a parsed record. Rejects with an Error whose message says why it has no value. */
export type BoundedExpression = (input: unknown) => Promise<unknown>;

/** A record is evaluated in one go, and the others of the thread wait that long. By the clock, so it leaves room for a busy machine. */
export const MAX_EVALUATION_MS = 1000;
/** How deep evaluations may stand within each other: some hundred calls of a function by itself. */
const MAX_STACK = 500;
/** Members of an array that an expression makes. */
const MAX_SEQUENCE = 100_000;
/** As long as the largest record, and far from what fills the memory by doubling. */
const MAX_TEXT_CHARACTERS = 32 * 1024 * 1024;
const MAX_PADDING = 10_000;
const MAX_FAULT_CHARACTERS = 300;
const ISO_8601 = /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?$/;
const AFTER_EVALUATION = Symbol.for('jsonata.__evaluate_exit');

/** Names that an expression may not use, and why. */
const WITHHELD = new Map([
  ['eval', 'it would run what a record says'],
  ...['now', 'millis', 'random', 'shuffle'].map(
    (name) => [name, 'a record that is read again must become the same document'] as const,
  ),
]);

/** Throws an {@link OptionFault} for an expression that cannot be used. */
export function compileExpression(option: string, text: string, patterns: PatternReader): BoundedExpression {
  const expression = parse(option, text);
  checkNodes(option, expression.ast(), patterns);
  expression.registerFunction('pad', pad, '<s-ns?:s>');
  expression.registerFunction('toMillis', toMillis, '<s-:n>');
  // The library looks it up like a variable, but by a symbol, which its types do not know.
  expression.assign(AFTER_EVALUATION as unknown as string, checkLength);
  return async (input) => {
    try {
      return (await expression.evaluate(input)) as unknown;
    } catch (error) {
      throw new Error(clipped(messageOf(error), MAX_FAULT_CHARACTERS), { cause: error });
    }
  };
}

function parse(option: string, text: string): jsonata.Expression {
  class Engine extends Re2Engine {
    constructor(written: RegExp) {
      super(written, MAX_EVALUATION_MS);
    }
  }
  const bounds = { timeout: MAX_EVALUATION_MS, stack: MAX_STACK, sequence: MAX_SEQUENCE };
  try {
    return jsonata(text, { ...bounds, RegexEngine: Engine as unknown as RegExpConstructor });
  } catch (error) {
    throw new OptionFault(option, `is no JSONata expression: ${clipped(messageOf(error), MAX_FAULT_CHARACTERS)}`);
  }
}

/** Looks at each node of the syntax tree, however they hang together. */
function checkNodes(option: string, root: unknown, patterns: PatternReader): void {
  const seen = new Set<unknown>([root]);
  for (const node of seen) {
    if (node instanceof RegExp) {
      readRe2(option, node, patterns);
    } else if (typeof node === 'object' && node !== null) {
      checkName(option, node);
      Object.values(node).forEach((part) => seen.add(part));
    }
  }
}

function checkName(option: string, { type, value }: { type?: unknown; value?: unknown }): void {
  const reason = type === 'variable' && WITHHELD.get(String(value));
  if (reason) {
    throw new OptionFault(option, `uses $${String(value)}, which is not there: ${reason}`);
  }
}

function checkLength(_expression: unknown, _input: unknown, _environment: unknown, result: unknown): void {
  if (typeof result === 'string' && result.length > MAX_TEXT_CHARACTERS) {
    throw new Error(`a text becomes longer than ${MAX_TEXT_CHARACTERS} characters`);
  }
}

/** The function of the library makes a text of any length at once. */
function pad(text: string | undefined, width: number, filling = ' '): string | undefined {
  if (Math.abs(width) > MAX_PADDING) {
    throw new Error(`$pad is asked for ${width} characters, the limit is ${MAX_PADDING}`);
  }
  const missing = Math.abs(Math.trunc(width)) - [...(text ?? '')].length;
  if (text === undefined || missing <= 0) {
    return text;
  }
  const characters = [...(filling || ' ')];
  const padding = Array.from({ length: missing }, (_, index) => characters[index % characters.length]).join('');
  return width > 0 ? text + padding : padding + text;
}

/** ISO 8601 alone: from a picture the library makes a pattern of the language, which some texts keep busy for ever. */
function toMillis(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const time = ISO_8601.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) {
    throw new Error(`$toMillis is given "${clipped(text)}", which is no time of ISO 8601`);
  }
  return time;
}

/** What the library throws is no Error, but it has a message. */
function messageOf(error: unknown): string {
  return String((error as { message?: unknown } | null)?.message ?? error);
}
