import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const reject = (reason: string, more: object = {}) => ({ type: 'reject', reason, ...more });
const refused = (reason: string) => `rejected: handlers[0] (reject): ${reason}`;

describe('reject', () => {
  it.each<[string, string, string, string]>([
    ['a constant reason', 'not wanted', '{"a":1}', 'not wanted'],
    ['a text', 'user {user}', '{"user":"ann"}', 'user ann'],
    ['a field that is absent', 'user [{user}]', '{}', 'user []'],
    ['null', 'user [{user}]', '{"user":null}', 'user []'],
    ['a nested field', '{http.status}', '{"http":{"status":500}}', '500'],
    ['an object', '{http}', '{"http":{ "status":500 }}', '{ "status":500 }'],
    ['an element', '{tags.1}', '{"tags":["a","b"]}', 'b'],
    ['an array', '{tags}', '{"tags":[1, 2]}', '[1, 2]'],
    ['a huge number', '{n}', '{"n":123456789012345678901234567890}', '123456789012345678901234567890'],
    ['all planes', '{价}', '{"价":"😀\\ud83d\\ude00"}', '😀😀'],
    ['escapes', '{a}', '{"a":"x\\ty\\u0041"}', 'x\tyA'],
    ['the last of several', '{a}', '{"a":1,"a":2}', '2'],
    ['braces', '{{{a}}}', '{"a":1}', '{1}'],
    ['a reason that is very long', '{a}', `{"a":"${'x'.repeat(2000)}"}`, `${'x'.repeat(1000)}…`],
  ])('gives %s', async (_name, reason, record, given) => {
    expect(await handled(reject(reason), record)).toBe(refused(given));
  });

  it('lets pass what its condition does not mean', async () => {
    expect(await handled(reject('no', { when: { field: 'a', equals: 1 } }), '{"a" : 2}')).toBe('{"a" : 2}');
  });

  it.each(['keep', 'drop'])('refuses whatever on_error says: %s', async (on_error) => {
    expect(await handled(reject('no', { on_error }), '{"a":2}')).toBe(refused('no'));
  });

  it.each([
    [reject('{a'), { field: 'handlers[0].reason', fault: expect.stringContaining('{ alone') }],
    [reject('{a..b}'), { field: 'handlers[0].reason', fault: expect.stringContaining('empty name') }],
    [reject(''), { field: 'handlers[0].reason', fault: expect.stringContaining('fewer than 1 characters') }],
    [{ type: 'reject' }, { field: 'handlers[0].reason', fault: 'is missing' }],
    [reject('x', { code: 1 }), { field: 'handlers[0].code', fault: 'is not an option of this type' }],
  ])('refuses the options %j', (handler, fault) => {
    expect(checkHandlers([handler], testResources)).toEqual([fault]);
  });
});
