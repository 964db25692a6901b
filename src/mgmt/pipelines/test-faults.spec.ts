import { testFaults } from './test-faults.js';

const fine = { name: 'a case', record: { value: '{}' }, expect: { document: '{}' } };
const fieldsOf = (test: unknown) => testFaults([fine, test]).map(({ field }) => field);

describe('a list of tests', () => {
  it.each<[string, unknown]>([
    ['a document', fine],
    ['a tombstone', { ...fine, record: { value: null }, expect: { skipped: true } }],
    ['bytes', { ...fine, record: { value_base64: '/wD+' } }],
    ['an empty text', { ...fine, record: { value: '' } }],
    ['a place', { ...fine, record: { value: '', partition: 3, offset: 2 ** 53 - 1, timestamp: 0 } }],
    ['a rejection', { ...fine, expect: { rejected: { code: 'HANDLER_FAILED', reason: 'x' } } }],
    ['index, id and routing alone', { ...fine, expect: { index: 'mdl-x', id: 'x', routing: '' } }],
    ['null for what is left out', { ...fine, expect: { document: '{}', rejected: null, dropped: null } }],
  ])('may have %s', (_what, test) => {
    expect(testFaults([test])).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ['is no object', 'x', ['tests[1]']],
    ['is a list', [], ['tests[1]']],
    ['has nothing', {}, ['tests[1].name', 'tests[1].record', 'tests[1].expect']],
    ['has an unknown member', { ...fine, nmae: 1 }, ['tests[1].nmae']],
    ['has an empty name', { ...fine, name: '' }, ['tests[1].name']],
    ['has a long name', { ...fine, name: '😀'.repeat(101) }, ['tests[1].name']],
    ['has half a character in its name', { ...fine, name: '\ud83d' }, ['tests[1].name']],
    ['has no value', { ...fine, record: {} }, ['tests[1].record']],
    ['has two values', { ...fine, record: { value: '', value_base64: '' } }, ['tests[1].record']],
    ['has an object as its value', { ...fine, record: { value: {} } }, ['tests[1].record.value']],
    ['has half a character in its value', { ...fine, record: { value: '\udc00' } }, ['tests[1].record.value']],
    ['has a long value', { ...fine, record: { value: 'x'.repeat(20_001) } }, ['tests[1].record.value']],
    ['has no base64', { ...fine, record: { value_base64: 'a' } }, ['tests[1].record.value_base64']],
    ['has an offset below 0', { ...fine, record: { value: '', offset: -1 } }, ['tests[1].record.offset']],
    ['has a fraction of a time', { ...fine, record: { value: '', timestamp: 1.5 } }, ['tests[1].record.timestamp']],
    ['expects nothing', { ...fine, expect: {} }, ['tests[1].expect']],
    ['expects two outcomes', { ...fine, expect: { dropped: true, id: 'x' } }, ['tests[1].expect']],
    ['expects dropped false', { ...fine, expect: { dropped: false } }, ['tests[1].expect.dropped']],
    ['expects a list', { ...fine, expect: { document: '[]' } }, ['tests[1].expect.document']],
    ['expects what is no JSON', { ...fine, expect: { document: '{' } }, ['tests[1].expect.document']],
    ['expects a deep document', { ...fine, expect: { document: deep(201) } }, ['tests[1].expect.document']],
    ['expects an object as such', { ...fine, expect: { document: {} } }, ['tests[1].expect.document']],
    ['expects an unknown code', { ...fine, expect: { rejected: { code: 'X' } } }, ['tests[1].expect.rejected.code']],
    ['expects toString', { ...fine, expect: { rejected: { code: 'toString' } } }, ['tests[1].expect.rejected.code']],
    ['expects an unknown member', { ...fine, expect: { docmuent: '{}' } }, ['tests[1].expect.docmuent']],
  ])('is refused when one %s', (_what, test, fields) => {
    expect(fieldsOf(test)).toEqual(fields);
    expect(testFaults([test]).every(({ code }) => code === 'InvalidParameter.Tests')).toBe(true);
  });
});

function deep(levels: number): string {
  return `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
}
