import type { TestExpectation } from '../../domain/pipeline-test.js';
import type { PreviewOutcome } from '../preview/thread/preview-outcome.js';
import { testVerdict } from './test-verdict.js';

const annotations = '"__pipeline_id":"p","__write_time":0,"@timestamp":0,"__id":"p[0]@0-0"';
const written: PreviewOutcome = {
  result: 'document',
  document: `{"total":12.50,"n":9007199254740993,${annotations}}`,
  ...{ index: 'mdl-web', id: 'p[0]@0-0', outputTopic: 'out' },
};
const rejected: PreviewOutcome = {
  result: 'rejected',
  rejection: { code: 'HANDLER_REJECTED', reason: 'handlers[0] (reject): no tenant', stage: 'handler:reject' },
};
const dropped: PreviewOutcome = { result: 'dropped', reason: 'by a handler' };
const skipped: PreviewOutcome = { result: 'skipped' };

const verdict = (expect: TestExpectation, outcome: PreviewOutcome) =>
  testVerdict({ name: 'a case', record: { value: '{}' }, expect }, 3, outcome);

describe('a test of a pipeline', () => {
  it.each<[string, TestExpectation, PreviewOutcome]>([
    ['the document without what annotation adds', { document: '{"n":9007199254740993,"total":12.50}' }, written],
    ['the document with some of it', { document: '{"n":9007199254740993,"total":12.50,"__id":"p[0]@0-0"}' }, written],
    ['index, id and no routing', { index: 'mdl-web', id: 'p[0]@0-0', routing: '' }, written],
    ['a rejection of any kind', { rejected: {} }, rejected],
    ['a code and a part of the reason', { rejected: { code: 'HANDLER_REJECTED', reason: 'no tenant' } }, rejected],
    ['that it is dropped', { dropped: true }, dropped],
    ['that it is skipped', { skipped: true }, skipped],
  ])('passes when it expects %s', (_what, expectation, outcome) => {
    expect(verdict(expectation, outcome)).toEqual([]);
  });

  it.each<[string, TestExpectation, PreviewOutcome, string, string | undefined, string | undefined]>([
    [
      'another spelling',
      { document: '{"n":9007199254740993,"total":12.5}' },
      written,
      '.document.total',
      '12.5',
      '12.50',
    ],
    [
      'a digit less',
      { document: '{"n":9007199254740992,"total":12.50}' },
      written,
      '.document.n',
      '9007199254740992',
      '9007199254740993',
    ],
    ['a member less', { document: '{"total":12.50}' }, written, '.document.n', undefined, '9007199254740993'],
    [
      'another time',
      { document: '{"n":9007199254740993,"total":12.50,"@timestamp":1}' },
      written,
      '.document.@timestamp',
      '1',
      '0',
    ],
    ['another index', { index: 'mdl-other' }, written, '.index', '"mdl-other"', '"mdl-web"'],
    ['another id', { id: 'x' }, written, '.id', '"x"', '"p[0]@0-0"'],
    ['a routing', { routing: 'x' }, written, '.routing', '"x"', '""'],
    [
      'another code',
      { rejected: { code: 'TOMBSTONE' } },
      rejected,
      '.rejected.code',
      '"TOMBSTONE"',
      '"HANDLER_REJECTED"',
    ],
    [
      'another reason',
      { rejected: { reason: 'no name' } },
      rejected,
      '.rejected.reason',
      '"no name"',
      '"handlers[0] (reject): no tenant"',
    ],
    ['a document', { document: '{}' }, dropped, '', 'document', 'dropped: by a handler'],
    ['a rejection', { rejected: {} }, skipped, '', 'rejected', 'skipped'],
    [
      'that it is dropped',
      { dropped: true },
      rejected,
      '',
      'dropped',
      'rejected, HANDLER_REJECTED: handlers[0] (reject): no tenant',
    ],
    [
      'that it is skipped',
      { skipped: true },
      { result: 'unfinished', cutBy: 'time' },
      '',
      'skipped',
      'unfinished: the tests together took too much time',
    ],
  ])('fails when it expects %s', (_what, expectation, outcome, place, expected, actual) => {
    const [fault, ...others] = verdict(expectation, outcome);
    expect(others).toEqual([]);
    expect(fault).toMatchObject({
      ...{ code: 'InvalidParameter.Tests', test: 'a case', field: `tests[3].expect${place}` },
      ...(expected !== undefined && { expected }),
      ...(actual !== undefined && { actual }),
    });
    expect(Object.hasOwn(fault ?? {}, 'expected')).toBe(expected !== undefined);
  });
});
