import { differences, parseExact } from './exact-json.js';

const between = (expected: string, actual: string) => differences(parseExact(expected), parseExact(actual));

describe('two texts of JSON', () => {
  it.each([
    ['{"a":1,"b":[true,null,"x"]}', '{ "b" : [true, null, "x"], "a" : 1 }'],
    ['{"a":"\\u0041"}', '{"a":"A"}'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{"__proto__":{"x":1}}', '{"__proto__":{"x":1}}'],
    ['9007199254740993', '9007199254740993'],
  ])('are the same: %s and %s', (expected, actual) => {
    expect(between(expected, actual)).toEqual([]);
  });

  it.each([
    ['{"a":1.0}', '{"a":1}', '.a', '1.0', '1'],
    ['{"a":9007199254740993}', '{"a":9007199254740992}', '.a', '9007199254740993', '9007199254740992'],
    ['{"a":1e2}', '{"a":100}', '.a', '1e2', '100'],
    ['{"a":1}', '{"a":"1"}', '.a', '1', '"1"'],
    ['{"a":null}', '{}', '.a', 'null', undefined],
    ['{}', '{"a":false}', '.a', undefined, 'false'],
    ['{"a":""}', '{}', '.a', '""', undefined],
    ['{"a.b":1}', '{"a.b":2}', '.a\\.b', '1', '2'],
    ['{"a":[1,{"b":2}]}', '{"a":[1,{"b":3}]}', '.a[1].b', '2', '3'],
    ['{"a":[1]}', '{"a":[1,2]}', '.a[1]', undefined, '2'],
    ['{"a":[1,2]}', '{"a":[1]}', '.a[1]', '2', undefined],
    ['{"a":[]}', '{"a":{}}', '.a', '[]', '{}'],
    ['{"__proto__":1}', '{"__proto__":2}', '.__proto__', '1', '2'],
  ])('differ in one place: %s and %s', (expected, actual, place, wanted, seen) => {
    expect(between(expected, actual)).toEqual([{ place, expected: wanted, actual: seen }]);
  });

  it('tell all places in which they differ', () => {
    const places = between('{"a":1,"b":{"c":[1,2]},"d":1}', '{"a":2,"b":{"c":[1,3]},"e":1}').map(({ place }) => place);
    expect(places).toEqual(['.a', '.b.c[1]', '.d', '.e']);
  });

  it('are not shown in full when they are long', () => {
    const [difference] = between('{"a":1}', `{"a":"${'x'.repeat(5000)}"}`);
    expect(difference?.actual).toHaveLength(503);
  });
});
