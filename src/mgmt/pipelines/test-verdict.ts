import type { PipelineTest, TestExpectation } from '../../domain/pipeline-test.js';
import type { Fault } from '../errors/api-error.js';
import type { PreviewOutcome } from '../preview/thread/preview-outcome.js';
import { type Difference, differences, type ExactJson, parseExact } from './exact-json.js';

/** What annotation adds counts where a test gives it: most tests are about the data. */
const ANNOTATIONS = [
  ...['__pipeline_id', '__index_base', '__data_type', '__category', '__write_time', '@timestamp', '__id'],
  ...['__tsid', '__routing'],
];
const MAX_SHOWN_CHARACTERS = 500;

type DocumentOutcome = Extract<PreviewOutcome, { result: 'document' }>;

/** In which ways the outcome is not what the test expects; empty: it passes. `at` is its place in the list. */
export function testVerdict({ name, expect }: PipelineTest, at: number, outcome: PreviewOutcome): Fault[] {
  const field = `tests[${at}].expect`;
  return differencesOf(expect, outcome).map(({ place, expected, actual }) => ({
    ...{ code: 'InvalidParameter.Tests', field: field + place, test: name },
    fault: faultOf({ place, expected, actual }),
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
  }));
}

function differencesOf(expect: TestExpectation, outcome: PreviewOutcome): Difference[] {
  const expected = expectedResult(expect);
  if (outcome.result !== expected) {
    return [{ place: '', expected, actual: told(outcome) }];
  }
  switch (outcome.result) {
    case 'document':
      return [...partDifferences(expect, outcome), ...documentDifferences(expect.document, outcome.document)];
    case 'rejected':
      return rejectionDifferences(expect.rejected ?? {}, outcome.rejection);
    case 'dropped':
    case 'skipped':
    case 'unfinished':
      return [];
  }
}

function expectedResult({ rejected, dropped, skipped }: TestExpectation): PreviewOutcome['result'] {
  if (rejected) {
    return 'rejected';
  }
  if (dropped) {
    return 'dropped';
  }
  return skipped ? 'skipped' : 'document';
}

function partDifferences(expect: TestExpectation, outcome: DocumentOutcome): Difference[] {
  const { index, id, routing = '' } = outcome;
  return Object.entries({ index, id, routing }).flatMap(([name, actual]) =>
    textDifference(`.${name}`, expect[name as 'index' | 'id' | 'routing'], actual),
  );
}

function documentDifferences(expected: string | null | undefined, actual: string): Difference[] {
  if ((expected ?? null) === null) {
    return [];
  }
  const wanted = parseExact(expected as string) as Map<string, ExactJson>;
  const seen = parseExact(actual) as Map<string, ExactJson>;
  ANNOTATIONS.filter((name) => !wanted.has(name)).forEach((name) => seen.delete(name));
  return differences(wanted, seen, '.document');
}

function rejectionDifferences(
  { code, reason }: NonNullable<TestExpectation['rejected']>,
  actual: { code: string; reason: string },
): Difference[] {
  const contains = typeof reason !== 'string' || actual.reason.includes(reason);
  return [
    ...textDifference('.rejected.code', code, actual.code),
    ...(contains ? [] : textDifference('.rejected.reason', reason, actual.reason)),
  ];
}

/** What is left out may be anything. */
function textDifference(place: string, expected: string | null | undefined, actual: string): Difference[] {
  return typeof expected !== 'string' || expected === actual
    ? []
    : [{ place, expected: JSON.stringify(expected), actual: JSON.stringify(clipped(actual)) }];
}

function faultOf({ expected, actual }: Difference): string {
  if (actual === undefined) {
    return `is missing, expected is ${expected}`;
  }
  return expected === undefined ? `is ${actual}, expected is nothing` : `is ${actual}, expected is ${expected}`;
}

function told(outcome: PreviewOutcome): string {
  switch (outcome.result) {
    case 'document':
      return `document ${clipped(outcome.document)}`;
    case 'rejected':
      return `rejected, ${outcome.rejection.code}: ${clipped(outcome.rejection.reason)}`;
    case 'dropped':
      return `dropped: ${clipped(outcome.reason)}`;
    case 'skipped':
      return 'skipped';
    case 'unfinished':
      return `unfinished: the tests together took too much ${outcome.cutBy}`;
  }
}

function clipped(text: string): string {
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS).toWellFormed()}...` : text;
}
