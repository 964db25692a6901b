import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';
import type { Condition } from '../condition.js';

const drop = (when?: Condition) => ({ type: 'drop', ...(when && { when }) });
const DROPPED = 'dropped: by a handler';

describe('drop', () => {
  it.each<[string, Condition | undefined, string]>([
    ['every record without a condition', undefined, '{}'],
    ['a record whose field is absent', { field: 'a', exists: false }, '{"b":1}'],
    ['null', { field: 'a', equals: null }, '{"a":null}'],
    ['by a nested field', { field: 'a.b', equals: 'x' }, '{"a":{"b":"x"}}'],
    ['by an element', { field: 'a.1', equals: 2 }, '{"a":[1,2]}'],
    ['by a name with a dot', { field: 'a\\.b', equals: true }, '{"a":{"b":false},"a.b":true}'],
    ['by a huge number', { field: 'a', equals: 1e300 }, `{"a":1${'0'.repeat(300)}}`],
    ['by the last of several', { field: 'a', equals: 2 }, '{"a":1,"a":2}'],
    ['by a text of all planes, whatever its escapes', { field: 'a', in: ['价😀'] }, '{"a":"\\u4ef7\\ud83d\\ude00"}'],
    ['by a pattern', { field: 'a', matches: '^/health(/|$)' }, '{"a":"/health/live"}'],
    ['what is not wanted', { not: { field: 'a', equals: 1 } }, '{"b":1}'],
    [
      'by several conditions',
      {
        all: [
          { field: 'a', equals: 1 },
          {
            any: [
              { field: 'b', exists: true },
              { field: 'c', exists: true },
            ],
          },
        ],
      },
      '{"a":1,"c":null}',
    ],
  ])('drops %s', async (_name, when, record) => {
    expect(await handled(drop(when), record)).toBe(DROPPED);
  });

  it.each<[string, Condition, string]>([
    ['whose field is absent', { field: 'a', equals: null }, ' {"b" : 1.0} '],
    ['of another type', { field: 'a', equals: 1 }, '{"a":"1"}'],
    ['whose text is another', { field: 'a', equals: 'x' }, '{"a":"X\\u0020"}'],
    ['whose number a double takes for another', { field: 'a', equals: 1 }, '{"a":1.1}'],
    ['whose field is an object', { field: 'a', in: ['x', null] }, '{"a":{"x":null}}'],
    ['whose field is an array', { field: 'a', matches: 'x' }, '{"a":["x"]}'],
    ['of which an earlier member would be meant', { field: 'a', equals: 1 }, '{"a":1,"a":2}'],
  ])('leaves alone, byte for byte, a record %s', async (_name, when, record) => {
    expect(await handled(drop(when), record)).toBe(record);
  });

  it('is no fault, so on_error does not keep the record', async () => {
    expect(await handled({ ...drop(), on_error: 'keep' }, '{"a":1}')).toBe(DROPPED);
  });

  it.each([
    [
      { ...drop(), reason: 'x' },
      { field: 'handlers[0].reason', fault: 'is not an option of this type' },
    ],
    [
      { ...drop(), on_error: 'ignore' },
      { field: 'handlers[0].on_error', fault: 'must be one of reject, keep, drop' },
    ],
    [
      { ...drop(), when: { field: 'a.', exists: true } },
      { field: 'handlers[0].when.field', fault: expect.stringContaining('empty name') },
    ],
  ])('refuses the options %j', (handler, fault) => {
    expect(checkHandlers([handler], testResources)).toEqual([fault]);
  });
});
