import { INDEX_BASE_PATTERN } from '../../../domain/index-base.js';
import { MAX_HANDLERS } from '../../../handlers/configured-handler.js';
import { characters, Rule } from '../../http/field-rules.js';

export const MAX_ID_CHARACTERS = 40;
export const MAX_NAME_CHARACTERS = 40;
export const MAX_COMMENT_CHARACTERS = 255;
export const MAX_TAGS = 5;
export const MAX_TAG_CHARACTERS = 40;
export const MAX_TESTS = 50;
export const MAX_STATUS_DETAILS_CHARACTERS = 2000;

export const ID_PATTERN = /^[a-z0-9][a-z0-9-]*$/;
export const MAX_TOPIC_CHARACTERS = 249;
export const TOPIC_PATTERN = /^[a-zA-Z0-9._-]+$/;
/** They have a meaning in queries, lists and file names. */
const FORBIDDEN_IN_TAGS = '/:?\\"<>|：？‘’“”！《》,#[]{}%&*$^!=.\'';
const TAG_LIMIT = `none of ${Array.from(FORBIDDEN_IN_TAGS).join(' ')} and no control characters`;
/** The same for the API document. */
export const TAG_PATTERN = `^[^${FORBIDDEN_IN_TAGS.replaceAll(/[\\\]^]/g, '\\$&')}\\u0000-\\u001f\\u007f-\\u009f]*$`;

const isText = (value: unknown): value is string => typeof value === 'string';

/** Longer ones are a matter of their length. */
export function IsPipelineId(): PropertyDecorator {
  return Rule({
    code: 'InvalidParameter.PipelineID',
    name: 'isPipelineId',
    isKept: (value) => isText(value) && (ID_PATTERN.test(value) || characters(value) > MAX_ID_CHARACTERS),
    fault: 'is not of the allowed form',
    limit: '1 to 40 lower-case letters, digits and hyphens, beginning with a letter or digit',
  });
}

export function IsIndexBase(): PropertyDecorator {
  return Rule({
    code: 'InvalidParameter.IndexBase',
    name: 'isIndexBase',
    // A blank one is missing rather than wrong.
    isKept: (value) => isText(value) && (value.trim() === '' || INDEX_BASE_PATTERN.test(value)),
    fault: 'is not of the allowed form',
    limit: '1 to 100 lower-case letters, digits, _ and -, beginning with a letter or digit',
  });
}

export function IsTopicName(): PropertyDecorator {
  return Rule({
    code: 'InvalidParameter.InputTopic',
    name: 'isTopicName',
    isKept: (value) =>
      isText(value) && TOPIC_PATTERN.test(value) && value.length <= MAX_TOPIC_CHARACTERS && !/^\.{1,2}$/.test(value),
    fault: 'is not the name of a Kafka topic',
    limit: '1 to 249 letters, digits, ".", "_" and "-"',
  });
}

/** What each handler may be told is checked by the schema of its type, which names the place of a fault. */
export function IsHandlerList(): PropertyDecorator {
  return Rule({
    code: 'InvalidParameter.Handlers',
    name: 'isHandlerList',
    isKept: (value) => Array.isArray(value),
    fault: 'must be a list',
    limit: `a list of at most ${MAX_HANDLERS} handlers`,
  });
}

/** What each test may say is checked where its place can be named. */
export function IsTestList(): PropertyDecorator {
  return Rule({
    code: 'InvalidParameter.Tests',
    name: 'isTestList',
    isKept: (value) => Array.isArray(value) && value.length <= MAX_TESTS,
    fault: (value) => (Array.isArray(value) ? `has ${value.length} tests` : 'must be a list'),
    limit: `a list of at most ${MAX_TESTS} tests`,
  });
}

export function AreTags(): PropertyDecorator {
  return Rule({
    code: 'InvalidParameter.Tag',
    name: 'areTags',
    isKept: (value) => Array.isArray(value) && value.every((tag) => isText(tag) && tag.isWellFormed()),
    fault: 'must be a list of texts',
  });
}

export function TagCount(): PropertyDecorator {
  return Rule({
    code: 'CountExceeded.Tags',
    name: 'tagCount',
    isKept: (value) => textsOf(value).length <= MAX_TAGS,
    fault: (value) => `has ${textsOf(value).length} tags`,
    limit: `at most ${MAX_TAGS} tags`,
  });
}

export function TagLength(): PropertyDecorator {
  const longest = (value: unknown) => textsOf(value).reduce((most, tag) => Math.max(most, characters(tag)), 0);
  return Rule({
    code: 'LengthExceeded.Tag',
    name: 'tagLength',
    isKept: (value) => longest(value) <= MAX_TAG_CHARACTERS,
    fault: (value) => `has a tag of ${longest(value)} characters`,
    limit: `at most ${MAX_TAG_CHARACTERS} characters each`,
  });
}

export function TagCharacters(): PropertyDecorator {
  return Rule({
    code: 'InvalidParameter.Tag',
    name: 'tagCharacters',
    isKept: (value) => forbiddenIn(textsOf(value)) === undefined,
    fault: (value) => `has the character ${JSON.stringify(forbiddenIn(textsOf(value)))}`,
    limit: TAG_LIMIT,
  });
}

/** A tag to look for: one that there can be. */
export function IsTag(): PropertyDecorator {
  return Rule({
    code: 'InvalidParameter.Tag',
    name: 'isTag',
    isKept: (value) => isText(value) && value.isWellFormed() && forbiddenIn([value]) === undefined,
    fault: (value) =>
      isText(value) ? `has the character ${JSON.stringify(forbiddenIn([value]))}` : 'is given more than once',
    limit: TAG_LIMIT,
  });
}

function forbiddenIn(tags: readonly string[]): string | undefined {
  return tags
    .flatMap((tag) => Array.from(tag))
    .find((character) => FORBIDDEN_IN_TAGS.includes(character) || /\p{Cc}/u.test(character));
}

/** An empty text where it cannot be a value counts as absent. */
export const nothingForEmpty = (value: unknown) => (value === '' ? undefined : value);

/** Trimmed, without empty ones and repetitions; what is not a list of texts stays as it is, for the rules to name. */
export function tidyTags(value: unknown): unknown {
  if (!Array.isArray(value) || !value.every(isText)) {
    return value;
  }
  return [...new Set(value.map((tag) => tag.trim()).filter((tag) => tag !== ''))];
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isText) : [];
}
