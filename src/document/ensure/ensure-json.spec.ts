import { EnsureJson } from './ensure-json.js';
import { JsonScanner } from './json-scanner.js';

const LIMIT = 1024 * 1024;

function ensure(value: Buffer | string | null, extraBytes = 0) {
  const scanner = new JsonScanner();
  const ensureJson = new EnsureJson(scanner, LIMIT);
  const outcome = ensureJson.ensure(typeof value === 'string' ? Buffer.from(value) : value, extraBytes);
  return { outcome, ensureJson, scanner, text: ensureJson.bytes.toString() };
}

describe('EnsureJson', () => {
  it('keeps a JSON object as it is, the very bytes', () => {
    const value = Buffer.from('\n{ "a" : 1.0 , "b":"é" }\r\n');
    const { outcome, ensureJson, scanner } = ensure(value);
    expect(outcome).toBe('kept');
    expect(ensureJson.bytes).toBe(value);
    expect(ensureJson.invalidUtf8).toBe(false);
    expect(scanner.closeAt).toBe(value.length - 3);
  });

  it('strips a byte-order mark', () => {
    const { outcome, text, scanner } = ensure('\ufeff{"a":1}');
    expect(outcome).toBe('kept');
    expect(text).toBe('{"a":1}');
    expect(scanner.closeAt).toBe(6);
    expect(ensure('\ufefftext').text).toBe('{"message":"text"}');
  });

  it.each([
    ['text', 'a plain line', '{"message":"a plain line"}'],
    ['an empty value', '', '{"message":""}'],
    ['white space', ' \n', '{"message":" \\n"}'],
    ['an array', '[{"a":1}]', '{"message":"[{\\"a\\":1}]"}'],
    ['a scalar', '42', '{"message":"42"}'],
    ['null', 'null', '{"message":"null"}'],
    ['cut JSON', '{"a":', '{"message":"{\\"a\\":"}'],
    ['two objects', '{}\n{}', '{"message":"{}\\n{}"}'],
    ['all escapes', '"\\/\b\f\n\r\t\u0000\u001f\u007f', '{"message":"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f"}'],
    ['other scripts', '日本 😀 é', '{"message":"日本 😀 é"}'],
    ['a deep array', `${'['.repeat(300)}${']'.repeat(300)}`, `{"message":"${'['.repeat(300)}${']'.repeat(300)}"}`],
    ['deep nesting that is no JSON', '{"a":'.repeat(300), `{"message":"${'{\\"a\\":'.repeat(300)}"}`],
  ])('turns %s into a message', (_, value, expected) => {
    const { outcome, ensureJson, scanner, text } = ensure(value);
    expect(outcome).toBe('message');
    expect(text).toBe(expected);
    expect(JSON.parse(text)).toEqual({ message: value });
    expect(ensureJson.invalidUtf8).toBe(false);
    expect(scanner.bytes).toBe(ensureJson.bytes);
    expect(scanner.closeAt).toBe(ensureJson.bytes.length - 1);
  });

  it.each([
    ['text', Buffer.from([0x61, 0xff, 0x62]), 'a\ufffdb'],
    ['a JSON object', Buffer.from('{"a":"\xe9"}', 'latin1'), '{"a":"\ufffd"}'],
    ['half of a surrogate pair', Buffer.from([0xed, 0xa0, 0x80]), '\ufffd\ufffd\ufffd'],
    ['a cut character', Buffer.from('日').subarray(0, 2), '\ufffd'],
  ])('decodes %s that is not UTF-8 with U+FFFD, and says so', (_, value, message) => {
    const { outcome, ensureJson, text } = ensure(value);
    expect(outcome).toBe('message');
    expect(JSON.parse(text)).toEqual({ message });
    expect(ensureJson.invalidUtf8).toBe(true);
  });

  it('forgets the flag and the rejection of the record before', () => {
    const ensureJson = new EnsureJson(new JsonScanner(), 10);
    ensureJson.ensure(Buffer.from([0xff]), 0);
    ensureJson.ensure(Buffer.alloc(11), 0);
    expect(ensureJson.ensure(Buffer.from('{}'), 0)).toBe('kept');
    expect(ensureJson).toMatchObject({ invalidUtf8: false, rejection: undefined });
  });

  it('tells a tombstone from an empty value', () => {
    expect(ensure(null).outcome).toBe('tombstone');
    expect(ensure(Buffer.alloc(0)).outcome).toBe('message');
  });

  it('rejects JSON that is nested deeper than 200 levels', () => {
    const { outcome, ensureJson } = ensure(`{"a":${'['.repeat(200)}${']'.repeat(200)}}`);
    expect(outcome).toBe('rejected');
    expect(ensureJson.rejection).toEqual({
      code: 'JSON_TOO_DEEP',
      reason: 'nested deeper than 200 levels',
      stage: 'json',
    });
  });

  it('counts key and headers into the size of a record', () => {
    const value = Buffer.from(`{"a":"${'x'.repeat(1000)}"}`);
    expect(ensure(value, LIMIT - value.length).outcome).toBe('kept');
    const { outcome, ensureJson } = ensure(value, LIMIT - value.length + 1);
    expect(outcome).toBe('rejected');
    expect(ensureJson.rejection).toEqual({
      code: 'RECORD_TOO_LARGE',
      reason: `record of ${LIMIT + 1} bytes (key, value and headers), the limit is ${LIMIT}`,
      stage: 'json',
    });
    expect(ensure(null, LIMIT + 1).outcome).toBe('rejected');
  });

  it('rejects a text whose message form could not be forwarded, and allows one of the full size', () => {
    expect(ensure(Buffer.alloc(LIMIT, 'x')).outcome).toBe('message');
    const { outcome, ensureJson } = ensure(Buffer.alloc(LIMIT));
    expect(outcome).toBe('rejected');
    expect(ensureJson.rejection?.code).toBe('RECORD_TOO_LARGE');
  });
});
