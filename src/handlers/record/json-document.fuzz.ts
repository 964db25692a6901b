import fc from 'fast-check';
import { segmentOf } from './field-path.js';
import { JsonDocument } from './json-document.js';

/** A value with the spelling of its leaves kept; an object may have several members with one name. */
type Tree = string | Tree[] | Members;

class Members {
  constructor(public list: [name: string, value: Tree][]) {}

  /** The member that counts. */
  get(name: string): Tree | undefined {
    return this.list.findLast(([key]) => key === name)?.[1];
  }
}

interface Edit {
  kind: 'set' | 'remove';
  path: string[];
  json: string;
}

const name = fc.constantFrom('a', 'b', 'é', 'q"', 'x.y', '0', '1', 'back\\slash', '价');
const leaf = fc.constantFrom(
  '1',
  '1.50',
  '-0',
  '1e400',
  '12345678901234567890',
  '"x"',
  '"\\u0061"',
  'null',
  'true',
  '""',
);
const tree = fc.letrec<{ tree: Tree; object: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('object'),
    fc.array(tie('tree'), { maxLength: 3 }),
  ),
  object: fc.array(fc.tuple(name, tie('tree')), { maxLength: 5 }).map((members) => new Members(members)),
}));
const edit = fc.record<Edit>({
  kind: fc.constantFrom('set', 'remove'),
  path: fc.array(name, { minLength: 1, maxLength: 3 }),
  json: leaf,
});

function written(value: Tree): string {
  if (typeof value === 'string') {
    return value;
  }
  return Array.isArray(value)
    ? `[${value.map(written).join(',')}]`
    : `{${value.list.map(([key, member]) => `${JSON.stringify(key)}:${written(member)}`).join(',')}}`;
}

function child(value: Tree | undefined, key: string): Tree | undefined {
  if (value instanceof Members) {
    return value.get(key);
  }
  return Array.isArray(value) ? value[Number(key)] : undefined;
}

/** The model of `set`: what it answers, the tree changed. */
function setIn(root: Tree, [key = '', ...rest]: string[], json: string): boolean {
  const before = child(root, key);
  if (Array.isArray(root) ? before === undefined : !(root instanceof Members)) {
    return false;
  }
  if (rest.length > 0 && before !== undefined) {
    const isSet = setIn(before, rest, json);
    if (isSet && root instanceof Members) {
      root.list = root.list.filter(([one, value]) => one !== key || value === before);
    }
    return isSet;
  }
  const made = rest.reduceRight<Tree>((inner, step) => new Members([[step, inner]]), json);
  if (root instanceof Members) {
    const last = root.list.findLastIndex(([one]) => one === key);
    root.list = root.list
      .map(([one, value], index): [string, Tree] => [one, index === last ? made : value])
      .filter(([one], index) => one !== key || index === last);
    if (last === -1) {
      root.list.push([key, made]);
    }
  } else {
    (root as Tree[])[Number(key)] = made;
  }
  return true;
}

/** The model of `remove`: out of every member of the name. */
function removeFrom(root: Tree, [key = '', ...rest]: string[]): boolean {
  if (rest.length > 0) {
    const below = root instanceof Members ? root.list.filter(([one]) => one === key).map(([, value]) => value) : [];
    const element = Array.isArray(root) ? child(root, key) : undefined;
    return [...below, ...(element === undefined ? [] : [element])]
      .map((value) => removeFrom(value, rest))
      .includes(true);
  }
  if (child(root, key) === undefined) {
    return false;
  }
  if (root instanceof Members) {
    root.list = root.list.filter(([one]) => one !== key);
  } else {
    (root as Tree[]).splice(Number(key), 1);
  }
  return true;
}

const at = (path: readonly string[]) => ({ text: path.join('.'), segments: path.map(segmentOf) });

describe('any edits of any document', () => {
  it('change what they name, and keep the bytes of everything else', () => {
    fc.assert(
      fc.property(tree.object, fc.array(edit, { maxLength: 6 }), (root, edits) => {
        const document = new JsonDocument();
        document.open(Buffer.from(written(root)));
        for (const { kind, path, json } of edits) {
          const isDone = kind === 'set' ? document.set(at(path), Buffer.from(json)) : document.remove(at(path));

          expect(isDone).toBe(kind === 'set' ? setIn(root, path, json) : removeFrom(root, path));
          expect(document.bytes.toString()).toBe(written(root));
        }
      }),
      { numRuns: 8000, seed: 20_243 },
    );
  });
});

/** Counts each byte that is read of a document, and each time that one is made. */
function counted(bytes: Buffer): { document: JsonDocument; counts: { reads: number; copies: number } } {
  const counts = { reads: 0, copies: 0 };
  const watched = (buffer: Buffer) =>
    new Proxy(buffer, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        counts.reads += typeof value === 'number' && key !== 'length' ? 1 : 0;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  const document = new JsonDocument();
  let current = document.bytes;
  Object.defineProperty(document, 'bytes', {
    get: () => current,
    set: (next: Buffer) => {
      counts.copies++;
      current = watched(next);
    },
  });
  document.open(bytes);
  counts.copies = 0;
  return { document, counts };
}

describe('a change of a document with many members of one name', () => {
  const places = fc.constantFrom<[path: string[], around: (members: string) => string]>(
    [['a'], (members) => `{"x":0,${members},"y":0}`],
    [['a', 'b'], (members) => `{${members}}`],
    [['o', 'a', 'b'], (members) => `{"o":{${members},"z":1}}`],
  );
  const values = fc.constantFrom('1', '{"b":1,"b":2}', '{"b":[{}],"c":0}');
  const kinds = fc.constantFrom('set', 'remove', 'move', 'findAll');

  it('reads each byte at most a few times for each name of the path, and copies the document once', () => {
    fc.assert(
      fc.property(kinds, places, values, fc.integer({ min: 1, max: 2000 }), (kind, [path, around], value, count) => {
        const bytes = Buffer.from(around(Array.from({ length: count }, () => `"a":${value}`).join(',')));
        const { document, counts } = counted(bytes);
        switch (kind) {
          case 'set':
            document.set(at(path), Buffer.from('0'));
            break;
          case 'move':
            document.move(at(path), at([...path.slice(0, -1), 'moved']));
            break;
          case 'remove':
            document.remove(at(path));
            break;
          case 'findAll':
            document.findAll(at(path));
        }

        expect(counts.copies).toBeLessThanOrEqual(1);
        expect(counts.reads).toBeLessThanOrEqual(bytes.length * 8 * (path.length + 1));
      }),
      { numRuns: 300, seed: 20_244 },
    );
  });
});
