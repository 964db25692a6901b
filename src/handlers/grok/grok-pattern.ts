import type { RE2JS } from 're2js';
import { clipped } from '../shown-text.js';
import { OptionFault } from '../handler-type.js';
import type { PatternReader } from '../pattern-reader.js';
import { GROK_PATTERNS } from './grok-patterns.js';

/** How the text of a capture becomes a value. */
export type CaptureKind = 'text' | 'int' | 'float';

/** A group of the regular expression whose text becomes a field. */
export interface Capture {
  group: number;
  /** A dotted path. */
  field: string;
  kind: CaptureKind;
}

export interface GrokPattern {
  pattern: RE2JS;
  /** In the order in which they stand; several may have one field. */
  captures: readonly Capture[];
}

const REFERENCE = /%\{([^}]*)\}/g;
const INSIDE = /^(\w+)(?::([^:]+))?(?::(int|float))?$/;
/** Names of the groups that stand for references; an owner's own groups have other names. */
const GROUP_PREFIX = 'grok_capture_';
/** Nobody means more, and each is a change of the record. */
const MAX_CAPTURES = 200;
/** Longer than any pattern that a person writes, and compiled in a moment. */
const MAX_EXPANDED_CHARACTERS = 50_000;

/** Compiles `%{NAME}`, `%{NAME:field}` and `%{NAME:field:int}`; a group `(?P<field>...)` of the owner's is a field as well. */
export function compileGrok(
  patterns: PatternReader,
  option: string,
  text: string,
  definitions: Readonly<Record<string, string>> = {},
): GrokPattern {
  const expansion = new GrokExpansion(option, definitions);
  const pattern = patterns.read(option, expansion.expand(text));
  const captures = Object.entries(pattern.namedGroups()).map(([name, group]) => {
    const { field, kind } = expansion.fields.get(name) ?? { field: name, kind: 'text' };
    return { group, field, kind };
  });
  if (captures.length > MAX_CAPTURES) {
    throw new OptionFault(option, `gives ${captures.length} fields, the limit is ${MAX_CAPTURES}`);
  }
  return { pattern, captures: captures.toSorted((a, b) => a.group - b.group) };
}

/** Puts the named patterns into a pattern, and notes which group is which field. */
class GrokExpansion {
  readonly fields = new Map<string, { field: string; kind: CaptureKind }>();
  private readonly open: string[] = [];
  private length = 0;

  constructor(
    private readonly option: string,
    private readonly definitions: Readonly<Record<string, string>>,
  ) {}

  expand(text: string): string {
    this.length += text.length;
    if (this.length > MAX_EXPANDED_CHARACTERS) {
      throw new OptionFault(this.option, `has more than ${MAX_EXPANDED_CHARACTERS} characters with its named patterns`);
    }
    return text.replace(REFERENCE, (reference, inside: string) => this.reference(reference, inside));
  }

  private reference(reference: string, inside: string): string {
    const [, name, field, kind] = INSIDE.exec(inside) ?? [];
    if (name === undefined) {
      const forms = '%{NAME}, %{NAME:field}, %{NAME:field:int} and %{NAME:field:float}';
      throw new OptionFault(this.option, `has ${clipped(reference)}, which is none of ${forms}`);
    }
    const body = `(?:${this.expandNamed(name)})`;
    if (field === undefined) {
      return body;
    }
    const group = `${GROUP_PREFIX}${this.fields.size}`;
    this.fields.set(group, { field, kind: (kind as CaptureKind | undefined) ?? 'text' });
    return `(?P<${group}>${body})`;
  }

  private expandNamed(name: string): string {
    const found = [this.definitions, GROK_PATTERNS].find((table) => Object.hasOwn(table, name))?.[name];
    if (found === undefined) {
      throw new OptionFault(
        this.option,
        `has %{${clipped(name)}}, which no pattern is named; add it to pattern_definitions`,
      );
    }
    if (this.open.includes(name)) {
      throw new OptionFault(this.option, `has %{${name}}, which contains itself: ${[...this.open, name].join(' > ')}`);
    }
    this.open.push(name);
    const expanded = this.expand(found);
    this.open.pop();
    return expanded;
  }
}
