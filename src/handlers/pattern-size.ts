const REPEAT = /^\{(\d{1,4})(?:(,)(\d{0,4}))?\}/;
/** What stands for one character or one place: an escape, a class, or the character itself. */
const ATOM = /^(?:\\[pPx]\{[^}]*\}|\\[\s\S]|\[\^?\]?(?:\[:[^\]]*:\]|\\[\s\S]|[^\]\\])*\]|[\s\S])/;

interface Group {
  size: number;
  /** Of what a repeat that follows repeats. */
  last: number;
}

/**
 * About how many instructions a pattern compiles to, told from its text: counted repeats multiply, and a compiler only says
 * so when it has made them all. Of a text that is no pattern it says nothing in particular.
 */
export function patternSize(pattern: string): number {
  const around: Group[] = [];
  let group: Group = { size: 0, last: 0 };
  for (let rest = pattern; rest !== '';) {
    const repeat = REPEAT.exec(rest);
    const [token] = repeat ?? ATOM.exec(rest) ?? [rest];
    if (repeat) {
      const [, least, open, most] = repeat;
      const times = most ? Number(most) : Number(least) + (open ? 1 : 0);
      repeatLast(group, times);
    } else if (token === '(') {
      around.push(group);
      group = { size: 2, last: 0 };
    } else if (token === ')' && around.length > 0) {
      const { size } = group;
      group = around.pop() as Group;
      add(group, size);
    } else {
      add(group, 1);
    }
    rest = rest.slice(token.length);
  }
  return around.reduce((sum, { size }) => sum + size, group.size);
}

function add(group: Group, size: number): void {
  group.size += size;
  group.last = size;
}

function repeatLast(group: Group, times: number): void {
  group.size += group.last * (times - 1);
  group.last *= times;
}
