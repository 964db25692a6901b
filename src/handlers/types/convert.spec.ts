import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const convert = (to: string, more: object = {}) => ({ type: 'convert', field: 'a', to, ...more });
const nines = '9'.repeat(401);

describe('convert', () => {
  it.each<[string, string, string]>([
    ['string', '1.50', '"1.50"'],
    ['string', '-0', '"-0"'],
    ['string', '12345678901234567890123e-2', '"12345678901234567890123e-2"'],
    ['string', 'true', '"true"'],
    ['string', '"\\u00e9\\/"', '"\\u00e9\\/"'],
    ['integer', '7', '7'],
    ['integer', '12345678901234567890', '12345678901234567890'],
    ['integer', '"12345678901234567890"', '12345678901234567890'],
    ['integer', '"-7"', '-7'],
    ['integer', '"\\u0037"', '7'],
    ['integer', '7.00', '7'],
    ['integer', '0.0e-5', '0'],
    ['integer', '"1.25e2"', '125'],
    ['integer', '1200e-2', '12'],
    ['integer', '1e22', '10000000000000000000000'],
    ['integer', `"${nines}"`, nines],
    ['float', '1.50', '1.50'],
    ['float', '0.1', '0.1'],
    ['float', '"1.50"', '1.50'],
    ['float', '"-2E+3"', '-2E+3'],
    ['float', '7', '7.0'],
    ['float', '"0"', '0.0'],
    ['float', '-0', '-0.0'],
    ['float', '9007199254740992', '9007199254740992.0'],
    ['float', '5e-324', '5e-324'],
    ['float', '1.7976931348623157e308', '1.7976931348623157e308'],
    ['float', '100000000000000000000000', '100000000000000000000000.0'],
    ['boolean', '"true"', 'true'],
    ['boolean', '"f\\u0061lse"', 'false'],
    ['boolean', 'false', 'false'],
  ])('to %s makes of %s %s', async (to, before, after) => {
    expect(await handled(convert(to), `{"x":1.0, "a" : ${before} }`)).toBe(`{"x":1.0, "a" : ${after} }`);
  });

  it.each<[string, string, string]>([
    ['string', '{}', 'a is an object; it should be a text, a number or a boolean'],
    ['integer', '1.5', 'a is the number 1.5; it should be an integer: its fraction would be lost'],
    [
      'integer',
      '"1e-9999999999"',
      'a is the text "1e-9999999999"; it should be an integer: its fraction would be lost',
    ],
    ['integer', '1e999999999', 'a is the number 1e999999999; it should be an integer of at most 400 digits'],
    ['integer', '"007"', 'a is the text "007"; it should be an integer, or a text that spells one as JSON does'],
    ['integer', '"+7"', 'a is the text "+7"; it should be an integer, or a text that spells one as JSON does'],
    ['integer', '" 7"', 'a is the text " 7"; it should be an integer, or a text that spells one as JSON does'],
    [
      'integer',
      '"\\ud800"',
      'a is the text "\\ud800"; it should be an integer, or a text that spells one as JSON does',
    ],
    ['integer', 'true', 'a is true; it should be an integer, or a text that spells one as JSON does'],
    [
      'float',
      '9007199254740993',
      'it should be a number whose digits a double holds: it would become 9007199254740992',
    ],
    ['float', '"0.12345678901234567890"', 'whose digits a double holds: it would become 0.12345678901234568'],
    [
      'float',
      '1e400',
      'a is the number 1e400; it should be a number whose digits a double holds: it would become Infinity',
    ],
    ['float', '1e-400', 'it would become 0'],
    ['float', '"NaN"', 'a is the text "NaN"; it should be a number, or a text that spells one as JSON does'],
    ['float', '""', 'a is the text ""; it should be a number'],
    ['boolean', '1', 'a is the number 1; it should be a boolean, or one of the texts "true" and "false"'],
    ['boolean', '"True"', 'a is the text "True"; it should be a boolean'],
    ['boolean', '[true]', 'a is an array; it should be a boolean'],
  ])('to %s refuses %s', async (to, value, fault) => {
    const result = await handled(convert(to), `{"a":${value}}`);
    expect(result).toMatch(/^rejected: handlers\[0] \(convert\): a is /);
    expect(result).toContain(fault);
  });

  it.each<[string, string, string]>([
    ['a nested field', '{"a":{"b":[ "1" ]}}', '{"a":{"b":[ 1 ]}}'],
    ['the last of several, which alone stays', '{"a":{"b":["1"]},"a":{"b":["2"],"c":0}}', '{"a":{"b":[2],"c":0}}'],
    ['nothing of null', '{"a" : {"b":[null]}}', '{"a" : {"b":[null]}}'],
    ['nothing when the field is absent', '{"a":{"b":[]}}', '{"a":{"b":[]}}'],
  ])('changes %s', async (_name, before, after) => {
    expect(await handled(convert('integer', { field: 'a.b.0' }), before)).toBe(after);
  });

  it('refuses a record without the field when it must be there', async () => {
    expect(await handled(convert('float', { ignore_missing: false }), '{"b":1}')).toBe(
      'rejected: handlers[0] (convert): the record has no field a',
    );
  });

  it.each([
    [convert('int'), { field: 'handlers[0].to', fault: 'must be one of string, integer, float, boolean' }],
    [convert('float', { field: '' }), { field: 'handlers[0].field', fault: 'must NOT have fewer than 1 characters' }],
    [convert('float', { field: '.' }), { field: 'handlers[0].field', fault: expect.stringContaining('empty name') }],
  ])('refuses the options %j', (handler, fault) => {
    expect(checkHandlers([handler], testResources)).toEqual([fault]);
  });
});
