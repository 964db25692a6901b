import { handled, testResources, testSecrets } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const hash = (more: object = {}) => ({ type: 'hash', fields: ['a'], ...more });
const rejected = (reason: string) => `rejected: handlers[0] (hash): ${reason}`;
// Made with sha256sum.
const SHA = {
  abc: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  one: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
  oneDecimal: 'd0ff5974b6aa52cf562bea5921840c032a860a91a3512f7fe8f768f6bbe005f6',
  empty: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  true: 'b5bea41b6c623f7c09f1bf24dcae58ebab3c0cdd90ad966bc43a45b44867e12b',
  smile: 'f0443a342c5ef54783a111b51ba56c938e474c32324d90c3a60c9c8e3a37e2d9',
  huge: 'b862debadd4fceabc59ece401c5ea7fcd5c789145ec66382cf2ccf973053a515',
  replacement: '83d544ccc223c057d2bf80d3f2a32982c32c3c0db8e2674820da5064783fb097',
};

describe('hash', () => {
  it.each<[string, string, string]>([
    ['a text', '{"x":1.0, "a":"abc" }', `{"x":1.0, "a":"${SHA.abc}" }`],
    ['nothing when the field is absent', '{"x":"abc"}', '{"x":"abc"}'],
    ['nothing of null', '{"a":null}', '{"a":null}'],
    ['an empty text', '{"a":""}', `{"a":"${SHA.empty}"}`],
    ['a number as it is spelled', '{"a":1}', `{"a":"${SHA.one}"}`],
    ['another spelling of the number', '{"a":1.0}', `{"a":"${SHA.oneDecimal}"}`],
    ['a number beyond a double', '{"a":12345678901234567890123e-2}', `{"a":"${SHA.huge}"}`],
    ['true', '{"a":true}', `{"a":"${SHA.true}"}`],
    ['a text whatever its escapes', '{"a":"\\u0061b\\u0063"}', `{"a":"${SHA.abc}"}`],
    ['all planes, as UTF-8', '{"a":"\\ud83d\\ude00"}', `{"a":"${SHA.smile}"}`],
    ['half a surrogate pair as U+FFFD', '{"a":"\\ud83d"}', `{"a":"${SHA.replacement}"}`],
    ['each of several', '{"a":"abc","b":2,"a":1}', `{"a":"${SHA.abc}","b":2,"a":"${SHA.one}"}`],
    ['each of several that are not null', '{"a":"abc","a":null}', `{"a":"${SHA.abc}","a":null}`],
    ['a key that is spelled with escapes', '{"\\u0061":"abc"}', `{"\\u0061":"${SHA.abc}"}`],
  ])('hashes %s', async (_name, before, after) => {
    expect(await handled(hash(), before)).toBe(after);
  });

  it('hashes nested fields and elements, also in objects that stand there twice', async () => {
    const handler = hash({ fields: ['a.b', 'c.1', 'none'] });
    expect(await handled(handler, '{"a":{"b":1},"a":{"b":"abc"},"c":[1,1]}')).toBe(
      `{"a":{"b":"${SHA.one}"},"a":{"b":"${SHA.abc}"},"c":[1,"${SHA.one}"]}`,
    );
  });

  it('writes base64, to a target', async () => {
    expect(await handled(hash({ encoding: 'base64', target: 'h.a' }), '{"a":"abc"}')).toBe(
      '{"a":"abc","h":{"a":"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="}}',
    );
  });

  it.each([{}, { target: 'h' }])('passes over null, which is not absent, with %j', async (more) => {
    expect(await handled(hash({ ...more, ignore_missing: false }), '{"a":null}')).toBe('{"a":null}');
  });

  it('is keyed by a secret', async () => {
    // printf abc | openssl dgst -sha256 -hmac "$secret"
    expect(await handled(hash({ secret: 'pepper' }), '{"a":"abc"}')).toBe(
      '{"a":"ce8d92079f42a6c0c66ec20b216fe5f25b5e80196b68e621d9dd0eb6a725f8ec"}',
    );
  });

  it.each<[string, object, string]>([
    ['{"a":{"b":1}}', {}, 'a is an object; it should be a text, a number, true or false'],
    ['{"a":"x","a":[]}', {}, 'a is an array; it should be a text, a number, true or false'],
    ['{"a":[],"a":"x"}', {}, 'a is an array; it should be a text, a number, true or false'],
    ['{"a":[]}', { target: 'h' }, 'a is an array; it should be a text, a number, true or false'],
    ['{}', { ignore_missing: false }, 'the record has no field a'],
    ['{}', { target: 'h', ignore_missing: false }, 'the record has no field a'],
    ['{"a":1}', { target: 'a.b' }, 'there is no room for a.b: a value on the way is no object'],
  ])('refuses %s with %j', async (record, more, reason) => {
    expect(await handled(hash(more), record)).toBe(rejected(reason));
  });

  it.each([
    [hash({ encoding: 'hex2' }), 'encoding', 'must be one of hex, base64'],
    [hash({ fields: ['a', 'b'], target: 'c' }), 'target', expect.stringContaining('one field')],
    [hash({ fields: ['a', 'a'] }), 'fields', expect.stringContaining('duplicate')],
    [hash({ fields: ['a.'] }), 'fields', expect.stringContaining('empty name')],
    [hash({ target: '.a' }), 'target', expect.stringContaining('empty name')],
    [hash({ secret: 'constructor' }), 'secret', expect.stringContaining('`handlers.secrets`')],
    [hash({ key: 'x' }), 'key', 'is not an option of this type'],
  ])('refuses the options %j', (handler, option, fault: unknown) => {
    expect(checkHandlers([handler], testResources)).toEqual([{ field: `handlers[0].${option}`, fault }]);
  });

  it('does not repeat what stands for the name of a secret, nor any secret', () => {
    const told = JSON.stringify(checkHandlers([hash({ secret: 'hunter2' })], testResources));
    expect(told).toContain('is not the name of a secret: define one');
    expect(told).not.toContain('hunter2');
    expect(told).not.toContain(testSecrets['pepper']);
  });
});
