import { decodeString, findMember, readMembers } from './members.js';

function membersOf(text: string): string[] {
  const bytes = Buffer.from(`xx${text}}`);
  return readMembers(bytes, 2, 2 + Buffer.byteLength(text)).map(
    ({ key, keyStart, valueStart, valueEnd, next }) =>
      `${key}|${bytes.toString('utf8', keyStart, next)}|${bytes.toString('utf8', valueStart, valueEnd)}`,
  );
}

describe('readMembers', () => {
  it('lists members with their ranges, in order, duplicates included', () => {
    expect(membersOf('{ "a" : 1 , "b\\u0063":[1, {"x":2}] ,"a":"}" }')).toEqual([
      'a|"a" : 1 , |1',
      'bc|"b\\u0063":[1, {"x":2}] ,|[1, {"x":2}]',
      'a|"a":"}" |"}"',
    ]);
  });

  it.each(['{}', '{ \n }'])('finds none in %j', (text) => {
    expect(membersOf(text)).toEqual([]);
  });

  it('reads keys that hold quotes, colons and nothing', () => {
    expect(membersOf('{"":1,"a\\":":2}')).toEqual(['|"":1,|1', 'a":|"a\\":":2|2']);
  });
});

describe('findMember', () => {
  it('takes the last of two, and nothing for nothing', () => {
    const members = readMembers(Buffer.from('{"a":1,"a":2}'), 0, 13);
    expect(findMember(members, 'a')?.valueStart).toBe(11);
    expect(findMember(members, 'b')).toBeUndefined();
  });
});

describe('decodeString', () => {
  it.each([
    ['""', ''],
    ['"é日"', 'é日'],
    ['"\\u00e9\\n\\ud83d\\ude00"', 'é\n😀'],
    ['"\\ud800"', '\ud800'],
  ])('%s', (spelling, text) => {
    const bytes = Buffer.from(spelling);
    expect(decodeString(bytes, 0, bytes.length)).toBe(text);
  });
});
