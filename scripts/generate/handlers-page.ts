import { MAX_COMPUTING_MS } from '../../src/handlers/computing-time.ts';
import { MAX_CONDITION_DEPTH } from '../../src/handlers/condition.ts';
import { MAX_HANDLERS } from '../../src/handlers/configured-handler.ts';
import { MAX_PATH_CHARACTERS } from '../../src/handlers/field-option.ts';
import { MAX_STEPS } from '../../src/handlers/find-matches.ts';
import { GROK_PATTERNS } from '../../src/handlers/grok/grok-patterns.ts';
import type { HandlerType, OptionSchema } from '../../src/handlers/handler-type.ts';
import { HANDLER_TYPES } from '../../src/handlers/handler-types.ts';
import { MAX_EVALUATION_MS } from '../../src/handlers/jsonata/bounded-expression.ts';
import { MAX_PATTERN_CHARACTERS } from '../../src/handlers/pattern-option.ts';
import { MAX_INSTRUCTIONS } from '../../src/handlers/pattern-reader.ts';
import { MAX_SEGMENTS } from '../../src/handlers/record/field-path.ts';
import { MAX_DEPTH } from '../../src/json/json-walk.ts';
import { codeCell, escaped } from './table-cell.ts';

/** The text of docs/handlers.md: the introduction, which is written by hand, the limits, and a section for each type. */
export function handlersPage(introduction: string): string {
  return [
    introduction.trimEnd(),
    ...limits(),
    '## Types\n',
    [...HANDLER_TYPES.keys()].map((type) => `[${type}](#${type})`).join(', '),
    '',
    ...[...HANDLER_TYPES.values()].flatMap(sectionOf),
    '## Named patterns of grok\n',
    `${Object.keys(GROK_PATTERNS).join(', ')}.\n`,
    'They are those of other grok programs, written for RE2. `pattern_definitions` adds others, or replaces some.',
  ].join('\n');
}

function limits(): string[] {
  const rows: [string, string][] = [
    ['handlers of a pipeline', `${MAX_HANDLERS}`],
    ['a path', `${MAX_PATH_CHARACTERS} characters, ${MAX_SEGMENTS} names`],
    ['conditions within each other', `${MAX_CONDITION_DEPTH} levels`],
    ['a pattern', `${MAX_PATTERN_CHARACTERS} characters, in RE2: no look-around, no back-references`],
    [
      'all patterns of a pipeline',
      `${MAX_INSTRUCTIONS} instructions when they are compiled; \`x{1000}\` is a thousand, COMBINEDAPACHELOG some 1200`,
    ],
    [
      'a text in which a pattern is looked for',
      `${MAX_STEPS} characters, divided by the instructions of the pattern; a longer one is a fault of the handler`,
    ],
    ['a record, after each handler', 'the setting `server.maxRecordMiB`'],
    ['a record, levels within each other', `${MAX_DEPTH}`],
    [
      'all handlers for one record',
      `${MAX_COMPUTING_MS} ms of computing, looked at between handlers and between searches; then it is rejected, whatever \`on_error\` says`,
    ],
    ['one evaluation of `jsonata`', `${MAX_EVALUATION_MS} ms, by the clock`],
  ];
  return [
    '\n## Limits\n',
    'A pattern takes time in proportion to the text, whatever it is. Where a limit is met at create or change, the request is refused; where a record meets it, the handler cannot be applied to the record.\n',
    '| of | limit |',
    '| --- | --- |',
    ...rows.map((cells) => `| ${cells.map(escaped).join(' | ')} |`),
    '',
  ];
}

function sectionOf(handler: HandlerType): string[] {
  const { type, description, options, example } = handler;
  const names = Object.keys(options);
  return [
    `### ${type}\n`,
    `${escaped(description)}.\n`,
    ...(names.length === 0 ? ['It has no options of its own.\n'] : optionTable(handler)),
    '```json',
    JSON.stringify({ type, ...example.options }),
    '```\n',
    '| before | after |',
    '| --- | --- |',
    `| ${codeCell(example.before)} | ${codeCell(example.after)} |`,
    '',
  ];
}

function optionTable({ options, required }: HandlerType): string[] {
  return [
    '| option | is | meaning |',
    '| --- | --- | --- |',
    ...Object.entries<OptionSchema>(options).map(([name, schema]) => {
      const isRequired = (required as readonly string[]).includes(name);
      const kind = escaped(kindOf(schema) + valueOf(schema, isRequired));
      return `| \`${name}\` | ${kind} | ${meaningOf(schema)} |`;
    }),
    '',
  ];
}

const KINDS: Readonly<Record<string, string>> = { string: 'text', boolean: 'flag', object: 'object' };

function kindOf(schema: OptionSchema): string {
  const { type, enum: words, maxLength, items, maxItems, maxProperties } = schema as OptionSchema & Limits;
  if (words) {
    return words.map((word) => `\`${word}\``).join(', ');
  }
  if (type === 'array') {
    const words = items?.enum?.map((word) => `\`${word}\``).join(', ');
    return `list of ${words ?? `at most ${maxItems} texts`}`;
  }
  const most = maxLength ?? maxProperties;
  const unit = maxLength === undefined ? 'entries' : 'characters';
  return (KINDS[type ?? ''] ?? 'any JSON value') + (most === undefined ? '' : ` of at most ${most} ${unit}`);
}

interface Limits {
  enum?: readonly string[];
  maxLength?: number;
  items?: { enum?: readonly string[] };
  maxItems?: number;
  maxProperties?: number;
}

function valueOf(schema: OptionSchema, isRequired: boolean): string {
  if (isRequired) {
    return '; must be given';
  }
  const { default: usual } = schema as { default?: unknown };
  return usual === undefined ? '' : `; ${usual === '' ? 'empty' : `\`${JSON.stringify(usual)}\``} by default`;
}

function meaningOf({ description, example, type }: OptionSchema): string {
  const text = escaped(description);
  return type === 'boolean' ? text : `${text}. Example: ${codeCell(JSON.stringify(example))}`;
}
