import { testResources } from '../../test/factories/handled.js';
import { checkHandlers } from './check-handlers.js';

const check = (...handlers: unknown[]) => checkHandlers(handlers, testResources);

describe('checkHandlers', () => {
  it('finds nothing wrong with handlers that can be used', () => {
    expect(check({ type: 'rename', from: 'a', to: 'b', on_error: 'keep' }, { type: 'drop' })).toEqual([]);
    expect(check()).toEqual([]);
  });

  it.each<[string, unknown, string, string]>([
    ['no object', 7, 'handlers[0].type', 'is missing'],
    ['null', null, 'handlers[0].type', 'is missing'],
    ['no type', {}, 'handlers[0].type', 'is missing'],
    ['an unknown type', { type: 'renam' }, 'handlers[0].type', 'is "renam", which is no type of handler; there are '],
    ['a missing option', { type: 'remove' }, 'handlers[0].fields', 'is missing'],
    ['an unknown option', { type: 'drop', field: 'a' }, 'handlers[0].field', 'is not an option of this type'],
    ['an option of a wrong type', { type: 'remove', fields: 'a' }, 'handlers[0].fields', 'must be array'],
    ['a wrong element', { type: 'remove', fields: ['a', 1] }, 'handlers[0].fields[1]', 'must be string'],
    ['an empty list', { type: 'remove', fields: [] }, 'handlers[0].fields', 'must NOT have fewer than 1 items'],
    [
      'an unknown on_error',
      { type: 'drop', on_error: 'skip' },
      'handlers[0].on_error',
      'must be one of reject, keep, drop',
    ],
  ])('names the place and the fault of %s', (_name, handler, field, fault) => {
    expect(check(handler)).toEqual([{ field, fault: expect.stringContaining(fault) }]);
  });

  it('tells of every fault, each with its place', () => {
    expect(
      check({ type: 'drop' }, { type: 'remove' }, { type: 'rename', from: 'a' }).map(({ field }) => field),
    ).toEqual(['handlers[1].fields', 'handlers[2].to']);
  });

  it('takes 50 handlers and no more', () => {
    const drops = (count: number) => check(...Array.from({ length: count }, () => ({ type: 'drop' })));

    expect(drops(50)).toEqual([]);
    expect(drops(51)).toEqual([{ field: 'handlers', fault: 'has 51 entries; at most 50 are allowed' }]);
  });
});
