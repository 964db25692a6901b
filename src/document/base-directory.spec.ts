import { targetBase } from '../../test/factories/flow-batches.js';
import { BaseDirectory, type Resolved } from './base-directory.js';
import type { TargetBase } from './target-base.js';

interface Given {
  own?: TargetBase | undefined;
  known?: string[];
  maxBases?: number;
}

function directory({ own = targetBase(), known = [], maxBases = 100 }: Given = {}) {
  const asked: string[] = [];
  const clock = { nowMs: 1_000_000 };
  const names = new Set(known);
  const bases = new BaseDirectory(
    own,
    (name) => {
      asked.push(name);
      return Promise.resolve(names.has(name) ? targetBase(name) : undefined);
    },
    { maxBases, unknownForMs: 30_000 },
    () => clock.nowMs,
  );
  const resolve = async (name: string): Promise<string> => described(await bases.resolve(name));
  return { bases, resolve, asked, clock, names };
}

const described = (resolved: Resolved): string =>
  'base' in resolved ? resolved.base.baseType : resolved.rejection.code;

describe('the bases that a task writes to', () => {
  it('answers for its own at once, whether named or not, and asks nobody', () => {
    const { bases, asked } = directory();
    expect([bases.resolve(''), bases.resolve('web')]).toEqual([{ base: targetBase() }, { base: targetBase() }]);
    expect(asked).toEqual([]);
  });

  it('rejects a record without a base when the pipeline has none', () => {
    const { bases } = directory({ known: ['a'] });
    const without = new BaseDirectory(
      undefined,
      () => Promise.resolve(undefined),
      { maxBases: 1, unknownForMs: 1 },
      () => 0,
    );
    expect(described(bases.resolve('') as Resolved)).toBe('web');
    expect(without.resolve('')).toMatchObject({ rejection: { code: 'INDEX_BASE_INVALID', stage: 'annotate' } });
  });

  it('asks for another one once, and knows it at once from then on', async () => {
    const { bases, asked } = directory({ known: ['shop'] });
    const first = await bases.resolve('shop');
    expect(first).toEqual({ base: targetBase('shop') });
    // The same object: what was spelled for a base is kept by it.
    expect(bases.resolve('shop')).toBe(first);
    expect(asked).toEqual(['shop']);
  });

  it.each(['Shop', 'a b', '_x', '-x', 'a/b', 'x'.repeat(101), 'ä', '*', 'web,shop'])(
    'rejects %j without asking: it is no legal name',
    (name) => {
      const { bases, asked } = directory({ known: [name] });
      expect(bases.resolve(name)).toMatchObject({ rejection: { code: 'INDEX_BASE_INVALID', stage: 'annotate' } });
      expect(asked).toEqual([]);
    },
  );

  it('asks for an unknown one again only after 30 s', async () => {
    const { resolve, asked, clock, names } = directory();
    expect(await resolve('shop')).toBe('INDEX_BASE_NOT_FOUND');
    names.add('shop');
    clock.nowMs += 29_999;
    expect(await resolve('shop')).toBe('INDEX_BASE_NOT_FOUND');
    expect(asked).toEqual(['shop']);
    clock.nowMs += 1;
    expect(await resolve('shop')).toBe('shop');
    expect(asked).toEqual(['shop', 'shop']);
  });

  it('takes no more than the limit, and keeps serving those that it has', async () => {
    const { resolve, asked } = directory({ known: ['a', 'b', 'c'], maxBases: 2 });
    expect([await resolve('a'), await resolve('b'), await resolve('c'), await resolve('a'), await resolve('')]).toEqual(
      ['a', 'b', 'INDEX_BASE_LIMIT', 'a', 'web'],
    );
    expect(asked).toEqual(['a', 'b']);
  });

  it('does not count unknown ones against the limit', async () => {
    const { resolve } = directory({ known: ['a'], maxBases: 1 });
    for (let n = 0; n < 10; n++) {
      expect(await resolve(`unknown-${n}`)).toBe('INDEX_BASE_NOT_FOUND');
    }
    expect(await resolve('a')).toBe('a');
  });

  it('passes on that nobody could tell, and forgets that it asked', async () => {
    let isAway = true;
    const bases = new BaseDirectory(
      targetBase(),
      (name) => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(targetBase(name))),
      { maxBases: 1, unknownForMs: 30_000 },
      () => 0,
    );
    await expect(bases.resolve('shop')).rejects.toThrow('away');
    isAway = false;
    expect(await bases.resolve('shop')).toEqual({ base: targetBase('shop') });
  });
});
