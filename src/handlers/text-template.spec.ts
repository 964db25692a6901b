import { JsonDocument } from './record/json-document.js';
import { cannotApply } from './record-fault.js';
import { TextTemplate } from './text-template.js';

function opened(json: string): JsonDocument {
  const record = new JsonDocument();
  record.open(Buffer.from(json));
  return record;
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
    expect(new TextTemplate('text', template).describe(opened(json), 1000)).toBe(text);
  });

  it('that describes stops where it is long enough', () => {
    expect(new TextTemplate('text', '{a}{a}{a}').describe(opened('{"a":"xxxx"}'), 5)).toBe('xxxxxxxx');
  });

  it.each([
    ['plain', '{}', 'plain'],
    ['<{a}|{b.c}>', '{"a":1.50,"b":{"c":true}}', '<1.50|true>'],
    ['{a}', '{"a":"\\u00e9\\n{b}","b":1}', 'é\n{b}'],
    ['{{{a}}}', '{"a":"x"}', '{x}'],
    ['{a}', '{"a":1,"a":2}', '2'],
  ])('%j of %s renders %j', (template, json, text) => {
    expect(new TextTemplate('text', template).render(opened(json), false)).toBe(text);
  });

  it.each<[string, boolean, object]>([
    ['{}', true, { kind: 'next' }],
    ['{}', false, cannotApply('the record has no field a')],
    ['{"a":null}', false, { kind: 'next' }],
    ['{"a":[1]}', true, cannotApply('a is an array; it should be a text, a number or a boolean')],
  ])('renders nothing of %s, with ignore_missing %s', (json, isOptional, outcome) => {
    expect(new TextTemplate('text', 'x{a}').render(opened(json), isOptional)).toEqual(outcome);
  });

  it('renders nothing that is longer than a record', () => {
    const record = opened(JSON.stringify({ a: 'x'.repeat(1024 * 1024) }));

    expect(new TextTemplate('text', '{a}'.repeat(32)).render(record, true)).toHaveLength(32 * 1024 * 1024);
    expect(new TextTemplate('text', '{a}'.repeat(33)).render(record, true)).toMatchObject({
      error: { message: 'the text becomes longer than 33554432 characters' },
    });
  });

  it('knows whether fields stand in it', () => {
    expect([new TextTemplate('text', 'a{{b').constant, new TextTemplate('text', 'a{b}').constant]).toEqual([
      'a{b',
      undefined,
    ]);
  });

  it.each([
    ['{a', 'has a { alone: a field stands as {name}, and {{ is a brace'],
    ['a}', 'has a } alone: a field stands as {name}, and }} is a brace'],
    ['{}', expect.stringContaining('empty name')],
    ['{a..b}', expect.stringContaining('empty name')],
    ['{a}'.repeat(51), 'names more than 50 fields'],
  ])('refuses %s', (template, message) => {
    expect(() => new TextTemplate('text', template)).toThrow(
      expect.objectContaining({ option: 'text', message: message as string }),
    );
  });
});
