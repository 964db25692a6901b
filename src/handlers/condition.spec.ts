import { handled, testResources } from '../../test/factories/handled.js';
import { checkHandlers } from './check-handlers.js';
import type { Condition } from './condition.js';

const mark = (when: Condition) => ({ type: 'remove', fields: ['mark'], when });
const isMet = async (when: Condition, json: string) =>
  (await handled(mark(when), json.replace('{', '{"mark":1,'))) === json;

describe('a condition', () => {
  it.each<[Condition, string, boolean]>([
    [{ field: 'a', exists: true }, '{"a":null}', true],
    [{ field: 'a', exists: true }, '{"b":1}', false],
    [{ field: 'a.b', exists: false }, '{"a":1}', true],
    [{ field: 'a', exists: false }, '{"a":1}', false],
    [{ field: 'a', equals: 'x' }, '{"a":"x"}', true],
    [{ field: 'a', equals: 'é' }, '{"a":"\\u00e9"}', true],
    [{ field: 'a', equals: 'x' }, '{"a":["x"]}', false],
    [{ field: 'a', equals: '1' }, '{"a":1}', false],
    [{ field: 'a', equals: 1 }, '{"a":1.0}', true],
    [{ field: 'a', equals: 1 }, '{"a":"1"}', false],
    [{ field: 'a', equals: null }, '{"a":null}', true],
    [{ field: 'a', equals: null }, '{"b":1}', false],
    [{ field: 'a', equals: false }, '{"a":false}', true],
    [{ field: 'a', in: ['x', 2, null] }, '{"a":2}', true],
    [{ field: 'a', in: ['x', 2, null] }, '{"a":null}', true],
    [{ field: 'a', in: ['x', 2] }, '{"a":{}}', false],
    [{ field: 'a', matches: '^/api/' }, '{"a":"/api/orders"}', true],
    [{ field: 'a', matches: '^/api/' }, '{"a":"/web"}', false],
    [{ field: 'a', matches: '1' }, '{"a":1}', false],
    [
      {
        all: [
          { field: 'a', exists: true },
          { field: 'b', exists: true },
        ],
      },
      '{"a":1,"b":1}',
      true,
    ],
    [
      {
        all: [
          { field: 'a', exists: true },
          { field: 'b', exists: true },
        ],
      },
      '{"a":1}',
      false,
    ],
    [
      {
        any: [
          { field: 'a', exists: true },
          { field: 'b', exists: true },
        ],
      },
      '{"b":1}',
      true,
    ],
    [
      {
        any: [
          { field: 'a', exists: true },
          { field: 'b', exists: true },
        ],
      },
      '{"c":1}',
      false,
    ],
    [{ not: { field: 'a', exists: true } }, '{"b":1}', true],
  ])('%j of %s is %s', async (when, json, expected) => {
    expect(await isMet(when, json)).toBe(expected);
  });

  it.each<[unknown, string, string]>([
    [{ field: 'a..b', exists: true }, 'handlers[0].when.field', 'empty name'],
    [{ field: 'a', matches: '(' }, 'handlers[0].when.matches', 'is not a regular expression'],
    [
      { all: [{ not: { field: 'a', matches: '(?=x)' } }] },
      'handlers[0].when.all[0].not.matches',
      'is not a regular expression',
    ],
    [{ field: 'a', matches: '(abc){1000}'.repeat(40) }, 'handlers[0].when.matches', 'compiles to some '],
    [{ field: 'a' }, 'handlers[0].when', 'is no condition'],
    [{ field: 'a', exists: true, equals: 1 }, 'handlers[0].when', 'is no condition'],
    [{ all: [] }, 'handlers[0].when', 'is no condition'],
    [
      { not: { not: { not: { not: { not: { field: 'a', exists: true } } } } } },
      'handlers[0].when.not.not.not.not.not',
      'nested deeper than 5',
    ],
  ])('refuses %j', (when, field, fault) => {
    expect(checkHandlers([{ type: 'drop', when }], testResources)).toContainEqual({
      field,
      fault: expect.stringContaining(fault),
    });
  });
});
