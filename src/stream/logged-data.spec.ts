import { loggedData } from './logged-data.js';

const masking = { maxCharacters: 200, maskedFields: ['token'] };

describe('loggedData', () => {
  it.each<[string, unknown, string]>([
    ['an object', { id: 1, nested: [{ Token: 'x' }] }, '{"id":1,"nested":[{"Token":"***"}]}'],
    ['bytes of JSON', { value: Buffer.from('{"token":"x","n":1}') }, '{"value":"{\\"token\\":\\"***\\",\\"n\\":1}"}'],
    ['bytes of text', { value: Buffer.from('grüß') }, '{"value":"grüß"}'],
    ['text', 'plain', 'plain'],
    ['text of JSON', '[{"token":"x"}]', '[{"token":"***"}]'],
    ['text like JSON', '{"token": ', '{"token": '],
    ['a large integer', { offset: 2n ** 60n }, '{"offset":"1152921504606846976"}'],
    ['nothing', undefined, 'undefined'],
  ])('shows %s', (_name, data, expected) => {
    expect(loggedData(data, masking)).toBe(expected);
  });

  it('cuts what is too long, and says how long it was', () => {
    expect(loggedData('x'.repeat(300), masking)).toBe(`${'x'.repeat(200)}… (300 characters)`);
  });

  it('does not look into bytes that are too many to be masked', () => {
    expect(loggedData({ value: Buffer.alloc(300_000) }, masking)).toBe('{"value":"(300000 bytes)"}');
  });

  it('says so when something cannot be shown', () => {
    const circle: { own?: unknown } = {};
    circle.own = circle;

    expect(loggedData(circle, masking)).toMatch(/^\(cannot be shown: /);
  });
});
