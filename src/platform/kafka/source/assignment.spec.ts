import { compareAssignments, type Assignment } from './assignment.js';

const assignment = (generationId: number, partitions: number[], memberId = 'm'): Assignment => ({
  member: { groupId: 'g', generationId, memberId },
  partitions: new Set(partitions),
});

describe('what a new assignment means for what is held', () => {
  it.each([
    ['the first one', undefined, assignment(1, [0, 1]), { kept: [], gained: [0, 1], lost: [] }],
    ['the same again', assignment(1, [0, 1]), assignment(2, [0, 1]), { kept: [0, 1], gained: [], lost: [] }],
    [
      'some come, some go',
      assignment(4, [0, 1, 2]),
      assignment(5, [1, 2, 3]),
      { kept: [1, 2], gained: [3], lost: [0] },
    ],
    ['everything goes', assignment(4, [0, 1]), assignment(5, []), { kept: [], gained: [], lost: [0, 1] }],
    ['it was nothing before', assignment(4, []), assignment(5, [0]), { kept: [], gained: [0], lost: [] }],
    [
      'a generation was missed: somebody else may have had any of them',
      assignment(4, [0, 1]),
      assignment(6, [1, 2]),
      { kept: [], gained: [1, 2], lost: [0, 1] },
    ],
    [
      'the member is a new one to the group',
      assignment(4, [0, 1]),
      assignment(5, [0, 1], 'n'),
      { kept: [], gained: [0, 1], lost: [0, 1] },
    ],
    ['the group began anew', assignment(40, [0]), assignment(1, [0]), { kept: [], gained: [0], lost: [0] }],
    ['the same generation twice', assignment(4, [0]), assignment(4, [0]), { kept: [], gained: [0], lost: [0] }],
  ])('%s', (_what, before, after, expected) => {
    const { kept, gained, lost } = compareAssignments(before, after);
    expect({ kept: [...kept], gained: [...gained], lost: [...lost] }).toEqual(expected);
  });
});
