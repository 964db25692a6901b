import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const csv = (more: object = {}) => ({ type: 'csv', field: 'a', columns: ['b', 'c'], target: 'r', ...more });

describe('csv', () => {
  it.each<[string, object, string, string]>([
    ['values', {}, '1.50,x', '{"b":"1.50","c":"x"}'],
    ['values with white space around', {}, ' 1 , x ', '{"b":" 1 ","c":" x "}'],
    ['values that are empty', {}, ',', '{"b":"","c":""}'],
    ['quoted values', {}, '"a,b","say ""hi"""', '{"b":"a,b","c":"say \\"hi\\""}'],
    ['line breaks within quotes', {}, '"1\r\n2",3', '{"b":"1\\r\\n2","c":"3"}'],
    ['a row that ends with line breaks', {}, '1,2\r\n\n', '{"b":"1","c":"2"}'],
    ['another separator', { separator: ';' }, '1,2;3', '{"b":"1,2","c":"3"}'],
    ['a separator of several characters', { separator: '||' }, '1|2||3', '{"b":"1|2","c":"3"}'],
    ['a separator beyond ASCII', { separator: '→' }, '1→"2→3"', '{"b":"1","c":"2→3"}'],
    ['another quote', { quote: "'" }, `'1,2','it''s "x"'`, `{"b":"1,2","c":"it's \\"x\\""}`],
    ['quotes that mean nothing', { quote: '' }, '"1,2"', '{"b":"\\"1","c":"2\\""}'],
    ['backslashes that mean nothing', {}, '\\n,"\\"', '{"b":"\\\\n","c":"\\\\"}'],
    ['characters of all planes', { columns: ['价', '😀'] }, 'é,\u0000😀', '{"价":"é","😀":"\\u0000😀"}'],
    ['a byte-order mark as a character', {}, '\ufeff1,2', '{"b":"\ufeff1","c":"2"}'],
    ['names that mean something to a program', { columns: ['__proto__', 'x.y'] }, '1,2', '{"__proto__":"1","x.y":"2"}'],
    ['fewer values than columns', { ragged: 'keep' }, '1', '{"b":"1"}'],
    ['more values than columns', { ragged: 'keep' }, '1,2,3,4', '{"b":"1","c":"2","column3":"3","column4":"4"}'],
  ])('reads %s', async (_name, more, text, fields) => {
    const start = `{"x":1.0, "a" : ${JSON.stringify(text)}`;
    expect(await handled(csv(more), `${start} }`)).toBe(`${start} ,"r":${fields}}`);
  });

  it.each<[string, object, string, string]>([
    ['at the top', { target: undefined }, '{"b" :1, "a":"2,3"}', '{"b" :"2", "a":"2,3","c":"3"}'],
    [
      'over all of several',
      { target: undefined },
      '{"b":0,"x":1.0,"b":1,"a":"2,3"}',
      '{"x":1.0,"b":"2","a":"2,3","c":"3"}',
    ],
    ['without the text', { remove_source: true }, '{"a":"1,2","x":1e400}', '{"x":1e400,"r":{"b":"1","c":"2"}}'],
    [
      'under the name of the text',
      { columns: ['a'], target: undefined, remove_source: true },
      '{"a":"1"}',
      '{"a":"1"}',
    ],
    ['from a nested field', { field: 'a.b' }, '{"a":{"b":"1,2"}}', '{"a":{"b":"1,2"},"r":{"b":"1","c":"2"}}'],
    ['nothing when the field is absent', {}, '{"x":"1,2"}', '{"x":"1,2"}'],
    ['nothing of null', { ignore_missing: false, remove_source: true }, '{"a":null}', '{"a":null}'],
  ])('puts the fields %s', async (_name, more, before, after) => {
    expect(await handled(csv(more), before)).toBe(after);
  });

  it.each<[string, object, string, string]>([
    ['too few values', {}, '{"a":"1"}', 'a has 1 values; it should have 2, one for each column'],
    ['too many values', {}, '{"a":"1,2,3"}', 'a has 3 values; it should have 2, one for each column'],
    ['several rows', {}, '{"a":"1,2\\n3,4"}', 'a holds 2 rows; it should hold one'],
    ['no row', {}, '{"a":""}', 'a holds 0 rows; it should hold one'],
    ['a quote that is not closed', {}, '{"a":"1,\\"2"}', 'a is no row of CSV: Quote Not Closed'],
    ['a quote within a value', {}, '{"a":"1,2\\"3"}', 'a is no row of CSV: Invalid Opening Quote'],
    [
      'half of a surrogate pair',
      {},
      '{"a":"1,\\ud800"}',
      'a holds half of a surrogate pair; it should be a text that is',
    ],
    ['a number', {}, '{"a":1.0}', 'a is the number 1.0; it should be a text that is a row of CSV'],
    [
      'more values than the limit',
      { ragged: 'keep' },
      `{"a":"${','.repeat(1000)}"}`,
      'a has 1001 values; the limit is',
    ],
    ['a text like a file', {}, `{"a":"1,${'2'.repeat(2 ** 20)}"}`, 'a has 1048578 characters; a row may have 1048576'],
    ['no room', { target: 'x.y' }, '{"a":"1,2","x":0}', 'there is no room for x.y: a value on the way is no object'],
    ['a record without the field', { ignore_missing: false }, '{}', 'the record has no field a'],
  ])('refuses %s', async (_name, more, before, fault) => {
    const result = await handled({ ...csv(more) }, before);
    expect(result).toContain(`rejected: handlers[0] (csv): ${fault}`);
  });

  it.each([
    [csv({ quote: ',' }), { field: 'handlers[0].quote', fault: 'must not be a part of the separator' }],
    [csv({ quote: 'ab' }), { field: 'handlers[0].quote', fault: expect.stringContaining('must match pattern') }],
    [csv({ separator: '\n' }), { field: 'handlers[0].separator', fault: expect.stringContaining('line break') }],
    [csv({ columns: ['b', 'b'] }), { field: 'handlers[0].columns', fault: expect.stringContaining('duplicate') }],
    [
      csv({ columns: ['column2'], ragged: 'keep' }),
      { field: 'handlers[0].columns', fault: expect.stringContaining('must not have names such as column4') },
    ],
    [
      { type: 'csv', field: 'a' },
      { field: 'handlers[0].columns', fault: 'is missing' },
    ],
  ])('refuses the options %j', (handler, fault) => {
    expect(checkHandlers([handler], testResources)).toEqual([fault]);
  });
});
