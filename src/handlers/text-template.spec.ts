import { compileTemplate } from './text-template.js';
import { JsonDocument } from './record/json-document.js';

function filled(template: string, json: string): string {
  const record = new JsonDocument();
  record.open(Buffer.from(json));
  return compileTemplate('text', template)(record);
}

describe('a text template', () => {
  it.each([
    ['plain', '{}', 'plain'],
    ['', '{}', ''],
    ['{a}', '{"a":"x"}', 'x'],
    ['<{a}|{b.c}>', '{"a":1.50,"b":{"c":true}}', '<1.50|true>'],
    ['{a}{a}', '{"a":"x"}', 'xx'],
    ['[{a}]', '{}', '[]'],
    ['[{a}]', '{"a":null}', '[]'],
    ['{a}', '{"a":{"n": [1]}}', '{"n": [1]}'],
    ['{a}', '{"a":"\\u00e9\\n{b}","b":1}', 'é\n{b}'],
    ['{{{a}}}', '{"a":"x"}', '{x}'],
    ['{{a}}', '{"a":"x"}', '{a}'],
    ['{价\\.格}', '{"价.格":"😀"}', '😀'],
    ['{a}', '{"a":12345678901234567890123}', '12345678901234567890123'],
    ['{a}', '{"a":1,"a":2}', '2'],
    ['{a.1}', '{"a":["x","y"]}', 'y'],
  ])('%j of %s is %j', (template, json, text) => {
    expect(filled(template, json)).toBe(text);
  });

  it.each([
    ['{a', 'has a { alone: a field stands as {name}, and {{ is a brace'],
    ['a}', 'has a } alone: a field stands as {name}, and }} is a brace'],
    ['{}', expect.stringContaining('empty name')],
    ['{a..b}', expect.stringContaining('empty name')],
    ['{a}'.repeat(51), 'names more than 50 fields'],
  ])('refuses %s', (template, message) => {
    expect(() => compileTemplate('text', template)).toThrow(
      expect.objectContaining({ option: 'text', message: message as string }),
    );
  });
});
