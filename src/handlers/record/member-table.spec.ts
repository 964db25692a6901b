import { MemberTable } from './member-table.js';

/** Of `{"a":1,"b":{"c":2}}`. */
function table(): MemberTable {
  const members = new MemberTable();
  members.add(1, 5, 6);
  members.add(7, 11, 18);
  return members;
}
const rows = ({ keyStarts, valueStarts, valueEnds, count }: MemberTable) =>
  Array.from({ length: count }, (_, i) => [keyStarts[i], valueStarts[i], valueEnds[i]]);

describe('where members stand after an edit', () => {
  it.each([
    [
      'a value that became longer',
      5,
      6,
      3,
      [
        [1, 5, 9],
        [10, 14, 21],
      ],
    ],
    [
      'a key that became longer',
      7,
      10,
      2,
      [
        [1, 5, 6],
        [7, 13, 20],
      ],
    ],
    [
      'something within a value',
      12,
      17,
      -1,
      [
        [1, 5, 6],
        [7, 11, 17],
      ],
    ],
    [
      'something put in behind the last value',
      18,
      18,
      4,
      [
        [1, 5, 6],
        [7, 11, 18],
      ],
    ],
    [
      'something put in at the end of a value',
      17,
      17,
      4,
      [
        [1, 5, 6],
        [7, 11, 22],
      ],
    ],
  ])('%s', (_, start, end, delta, expected) => {
    const members = table();
    members.spliced(start, end, delta);
    expect(rows(members)).toEqual(expected);
  });

  it('a member that is taken out moves those behind it', () => {
    const members = table();
    members.remove(1);
    members.spliced(1, 7, -6);
    expect(rows(members)).toEqual([[1, 5, 12]]);
  });
});
