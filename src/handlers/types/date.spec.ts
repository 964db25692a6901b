import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const date = (formats: unknown, more: object = {}) => ({ type: 'date', field: 'a', formats, ...more });
const LOG = 'dd/LLL/yyyy:HH:mm:ss ZZZ';

describe('date', () => {
  it.each<[string, string, object, number]>([
    ['iso8601', '"2024-02-29T12:34:56Z"', {}, 1_709_210_096_000],
    ['iso8601', '"2024-02-29T12:34:56.789123456+02:00"', {}, 1_709_202_896_789],
    ['iso8601', '"2024-02-29t12:34:56,7z"', {}, 1_709_210_096_700],
    ['iso8601', '"2024-02-29 12:34:56"', { zone: 'Europe/Berlin' }, 1_709_206_496_000],
    ['iso8601', '"2024-02-29"', { zone: 'UTC+3' }, 1_709_154_000_000],
    ['iso8601', '"2024-W09-4T00"', {}, 1_709_164_800_000],
    ['iso8601', '"20240229T123456\\u002b0000"', {}, 1_709_210_096_000],
    ['iso8601', '"1969-12-31T23:59:59.9999Z"', {}, -1],
    ['iso8601', '20240229', {}, 1_709_164_800_000],
    [LOG, '"29/Feb/2024:12:34:56 -0100"', {}, 1_709_213_696_000],
    ['d LLLL yyyy', '"29 février 2024"', { locale: 'fr' }, 1_709_164_800_000],
    ['yyyyMMddHHmmssSSS', '20240229123456789', {}, 1_709_210_096_789],
    ['yyyy-MM-dd HH:mm', '"2024-07-01 12:00"', { zone: 'America/New_York' }, 1_719_849_600_000],
    ['epoch_s', '1709210096', {}, 1_709_210_096_000],
    ['epoch_s', '"1709210096.001999"', {}, 1_709_210_096_001],
    ['epoch_s', '1.709210096001e9', {}, 1_709_210_096_001],
    ['epoch_s', '-0.0001', {}, -1],
    ['epoch_s', '-1e-99', {}, -1],
    ['epoch_ms', '1709210096789', {}, 1_709_210_096_789],
    ['epoch_ms', '0', {}, 0],
    ['epoch_us', '1709210096789999', {}, 1_709_210_096_789],
    ['epoch_ns', '"1709210096789999999"', {}, 1_709_210_096_789],
    ['epoch_ns', '-1', {}, -1],
    ['epoch_ms', '8640000000000000', {}, 8_640_000_000_000_000],
  ])('in %s reads %s with %j', async (format, value, more, epochMs) => {
    expect(await handled(date([format], more), `{"x":1.0, "a" : ${value} }`)).toBe(
      `{"x":1.0, "a" : ${value} ,"@timestamp":${epochMs}}`,
    );
  });

  it.each<[string, string, string]>([
    ['iso8601', '"2024-02-29T12:34:56+01:00"', '2024-02-29T11:34:56.000Z'],
    ['iso8601', '"2024-02-29T12:34:56.78Z"', '2024-02-29T12:34:56.780Z'],
    ['iso8601', '"2024-02-29T12:34:56.7891Z"', '2024-02-29T12:34:56.7891Z'],
    ['iso8601', '"2024-02-29T12:34:56.789123456789Z"', '2024-02-29T12:34:56.789123456Z'],
    ['epoch_s', '1709210096', '2024-02-29T12:34:56.000Z'],
    ['epoch_s', '1709210096.12345', '2024-02-29T12:34:56.12345Z'],
    ['epoch_us', '1709210096789000', '2024-02-29T12:34:56.789000Z'],
    ['epoch_ns', '1709210096789012345', '2024-02-29T12:34:56.789012345Z'],
    ['epoch_ns', '-1', '1969-12-31T23:59:59.999999999Z'],
    ['yyyy', '"0001"', '0001-01-01T00:00:00.000Z'],
  ])('writes in iso8601, with the digits that it was told in %s, %s', async (format, value, text) => {
    expect(await handled(date([format], { output: 'iso8601', target: 'a' }), `{"a":${value}}`)).toBe(`{"a":"${text}"}`);
  });

  it.each<[string, object, string, string]>([
    ['over the time that is there', {}, '{"@timestamp" : "x","a":1}', '{"@timestamp" : 1,"a":1}'],
    ['over all of several', {}, '{"@timestamp":0,"a":1,"@timestamp":2}', '{"a":1,"@timestamp":1}'],
    ['into objects that are made', { target: 'b.c' }, '{"a":1}', '{"a":1,"b":{"c":1}}'],
    ['of the last of several', { target: 'b' }, '{"a":1,"a":2}', '{"a":1,"a":2,"b":2}'],
    ['of a nested field', { field: 'b.0', target: 'b.0' }, '{"b":[ "1" ]}', '{"b":[ 1 ]}'],
    [
      'by the first format that fits',
      { formats: ['yyyy-LL', 'epoch_ms', 'epoch_s'] },
      '{"a":1}',
      '{"a":1,"@timestamp":1}',
    ],
    ['nowhere when the field is absent', {}, '{"b":1}', '{"b":1}'],
    ['nowhere when the field is null', { ignore_missing: false }, '{"a":null}', '{"a":null}'],
  ])('puts the time %s', async (_name, more, before, after) => {
    expect(await handled(date(['epoch_ms'], more), before)).toBe(after);
  });

  it.each<[string, string, string]>([
    ['iso8601', '"2024-02-30"', 'a is the text "2024-02-30"; it should be a time in one of the formats iso8601'],
    ['iso8601', '"12:34:56"', 'a is the text "12:34:56"; it should be a time'],
    ['iso8601', '"T12:34"', 'a is the text "T12:34"; it should be a time'],
    ['iso8601', '"123456.789"', 'a is the text "123456.789"; it should be a time'],
    ['iso8601', '"\\ud800"', 'a is the text "\\ud800"; it should be a time'],
    ['iso8601', `"2024${'0'.repeat(500)}"`, '…"; it should be a time in one of the formats iso8601'],
    ['yyyy EEE', '"2024-02-29"', 'it should be a time in one of the formats yyyy EEE'],
    ['epoch_s', '"0x10"', 'a is the text "0x10"; it should be a time in one of the formats epoch_s'],
    ['epoch_s', '1e999999999', 'a is the number 1e999999999; it should be a time'],
    ['epoch_ms', '8640000000000001', 'a is the number 8640000000000001; it should be a time'],
    ["'['yyyy']'", '[2024]', 'a is an array; it should be a time'],
    ['epoch_ms', '{}', 'a is an object; it should be a time'],
    ['epoch_ms', 'true', 'a is true; it should be a time'],
  ])('in %s refuses %s', async (format, value, fault) => {
    expect(await handled(date([format]), `{"a":${value}}`)).toContain(fault);
  });

  it('refuses years that a text of iso8601 cannot say', async () => {
    expect(await handled(date(['epoch_s'], { output: 'iso8601' }), '{"a":253402300800}')).toBe(
      'rejected: handlers[0] (date): a is the number 253402300800; it should be a time of the years 0 to 9999, which a text of iso8601 can say',
    );
  });

  it('refuses a record without the field when it must be there, and one without room', async () => {
    expect(await handled(date(['epoch_s'], { ignore_missing: false }), '{}')).toContain('the record has no field a');
    expect(await handled(date(['epoch_s'], { target: 'a.b' }), '{"a":1}')).toContain('there is no room for a.b');
  });

  it.each<[object, string, string]>([
    [date(['LLL d HH:mm:ss']), 'formats[0]', 'does not say the year'],
    [date(['iso8601', 'EEE d LLL']), 'formats[1]', 'does not say the year'],
    [date(["'toString'"]), 'formats[0]', 'does not say the year'],
    [date(['yyyy HH a']), 'formats[0]', 'cannot be read by: '],
    [date(['iso8601'], { zone: 'Mars/Base' }), 'zone', 'is no time zone'],
    [date(['iso8601'], { zone: 'local' }), 'zone', 'is no time zone'],
    [date(['iso8601'], { zone: 'UTC+99' }), 'zone', 'is no time zone'],
    [date(['iso8601'], { locale: 'not a language' }), 'locale', 'is no language'],
    [date(['iso8601'], { output: 'epoch_s' }), 'output', 'must be one of epoch_ms, iso8601'],
    [date([]), 'formats', 'must NOT have fewer than 1 items'],
    [date(['iso8601'], { target: '.' }), 'target', 'empty name'],
  ])('refuses the options %j', (handler, option, fault) => {
    expect(checkHandlers([handler], testResources)).toEqual([
      { field: `handlers[0].${option}`, fault: expect.stringContaining(fault) },
    ]);
  });
});
