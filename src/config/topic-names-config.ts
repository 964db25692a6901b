import type { TopicNameTemplates } from '../domain/topic-names.js';
import { IsMatching, rule } from './rules.js';

/** Kafka's limit of a topic name. */
const MAX_NAME_LENGTH = 249;
/** The longest value of each placeholder: a pipeline's id and a base type. */
const PLACEHOLDER_LENGTH: Readonly<Record<string, number>> = { '<id>': 40, '<index_base>': 100, '<tenant>': 64 };

/** Templates with `<tenant>`, `<id>` (of the pipeline) and `<index_base>`. */
export class TopicNamesConfig implements TopicNameTemplates {
  /** Separates installations that share one Kafka: give each its own. */
  @IsMatching(/^[a-zA-Z0-9_-]{1,64}$/, '1 to 64 letters, digits, _ or -')
  readonly tenant: string = 'default';

  /** Topic that a pipeline reads. */
  @IsNameTemplate('<id>')
  readonly input: string = '<tenant>.sdp.<id>.input';

  /** Topic of records that a pipeline rejects. */
  @IsNameTemplate('<id>')
  readonly error: string = '<tenant>.sdp.<id>.error';

  /** Topic to which written records are forwarded. */
  @IsNameTemplate('<index_base>')
  readonly output: string = '<tenant>.mdl.process.<index_base>';

  /** Topic of what is to run: from the management service to the workers. */
  @IsNameTemplate()
  readonly control: string = '<tenant>.sdp.control';

  /** Topic of how tasks are: from the workers to the management service. */
  @IsNameTemplate()
  readonly status: string = '<tenant>.sdp.status';

  /** Consumer group of a pipeline; its transactional ids begin with it. */
  @IsNameTemplate('<id>')
  readonly group: string = '<tenant>.sdp.<id>';
}

function IsNameTemplate(placeholder?: string): PropertyDecorator {
  const allowed = [...(placeholder ? [placeholder] : []), '<tenant>'];
  const needs = placeholder
    ? `contain ${placeholder}, and may contain <tenant>`
    : 'contain no placeholder but <tenant>';
  return rule(
    'isNameTemplate',
    [placeholder],
    `must ${needs}; apart from that letters, digits, ".", "_" and "-", at most ${MAX_NAME_LENGTH} characters when filled in`,
    (value) =>
      typeof value === 'string' && (!placeholder || value.includes(placeholder)) && isLegalName(value, allowed),
    { type: 'string', pattern: `^([a-zA-Z0-9._-]|${allowed.join('|')})+$` },
  );
}

function isLegalName(template: string, allowed: readonly string[]): boolean {
  const longest = template.replace(/<\w+>/g, (found) =>
    allowed.includes(found) ? 'x'.repeat(PLACEHOLDER_LENGTH[found] ?? 0) : found,
  );
  return /^[a-zA-Z0-9._-]+$/.test(longest) && longest.length <= MAX_NAME_LENGTH && longest !== '.' && longest !== '..';
}
