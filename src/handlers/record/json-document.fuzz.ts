import fc from 'fast-check';
import { segmentOf } from './field-path.js';
import { JsonDocument } from './json-document.js';

/** A value with the spelling of its leaves kept. */
type Tree = string | Tree[] | Map<string, Tree>;

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
  object: fc.array(fc.tuple(name, tie('tree')), { maxLength: 4 }).map((members) => new Map(members)),
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
    : `{${[...value].map(([key, member]) => `${JSON.stringify(key)}:${written(member)}`).join(',')}}`;
}

function child(value: Tree | undefined, key: string): Tree | undefined {
  if (value instanceof Map) {
    return value.get(key);
  }
  return Array.isArray(value) ? value[Number(key)] : undefined;
}

/** The model of `set`: what it answers, the tree changed. */
function setIn(root: Tree, [key = '', ...rest]: string[], json: string): boolean {
  if (Array.isArray(root) ? child(root, key) === undefined : !(root instanceof Map)) {
    return false;
  }
  const old = child(root, key);
  if (rest.length > 0 && old !== undefined) {
    return setIn(old, rest, json);
  }
  const made = rest.reduceRight<Tree>((inner, step) => new Map([[step, inner]]), json);
  if (root instanceof Map) {
    root.set(key, made);
  } else {
    (root as Tree[])[Number(key)] = made;
  }
  return true;
}

function removeFrom(root: Tree, path: string[]): boolean {
  const key = path.at(-1) ?? '';
  const parent = path.slice(0, -1).reduce<Tree | undefined>(child, root);
  if (child(parent, key) === undefined) {
    return false;
  }
  if (parent instanceof Map) {
    parent.delete(key);
  } else {
    (parent as Tree[]).splice(Number(key), 1);
  }
  return true;
}

describe('any edits of any document', () => {
  it('change what they name, and keep the bytes of everything else', () => {
    fc.assert(
      fc.property(tree.object, fc.array(edit, { maxLength: 6 }), (root, edits) => {
        const document = new JsonDocument();
        document.open(Buffer.from(written(root)));
        for (const { kind, path, json } of edits) {
          const where = { text: path.join('.'), segments: path.map(segmentOf) };
          const isDone = kind === 'set' ? document.set(where, Buffer.from(json)) : document.remove(where);

          expect(isDone).toBe(kind === 'set' ? setIn(root, path, json) : removeFrom(root, path));
          expect(document.bytes.toString()).toBe(written(root));
        }
      }),
      { numRuns: 5000, seed: 20_243 },
    );
  });
});
