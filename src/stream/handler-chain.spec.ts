import { BaseContext } from './base-context.js';
import type { ContextHandler } from './context-handler.js';
import { HandlerChain } from './handler-chain.js';
import type { Outcome } from './outcome.js';
import { fail, next, stop } from './outcome.js';

class LineContext extends BaseContext<string> {
  readonly trace: string[] = [];
}

const note =
  (name: string, outcome: Outcome | Promise<Outcome> = next): ContextHandler<LineContext> =>
  (ctx) => {
    ctx.trace.push(`${name} ${ctx.record}`);
    return outcome;
  };

const line = (record: string) => new LineContext({ record });

describe('HandlerChain', () => {
  it('runs the same handlers for each record, each with its own context', () => {
    const chain = new HandlerChain({ base: [note('a'), note('b')], defer: [note('x'), note('y')] });
    const contexts = [line('1'), line('2')];

    expect(contexts.map((ctx) => chain.run(ctx))).toEqual([next, next]);
    expect(contexts.map((ctx) => ctx.trace)).toEqual([
      ['a 1', 'b 1', 'y 1', 'x 1'],
      ['a 2', 'b 2', 'y 2', 'x 2'],
    ]);
  });

  it('puts its handlers before those of the context', () => {
    const chain = new HandlerChain({ base: [note('chain')], defer: [note('chain defer')] });
    const ctx = line('1').addBaseHandler(note('own')).addDeferHandler(note('own defer'));

    expect(chain.run(ctx)).toBe(next);
    expect(ctx.trace).toEqual(['chain 1', 'own 1', 'own defer 1', 'chain defer 1']);
  });

  it('runs many records at the same time without mixing them up', async () => {
    const gates = new Map(['1', '2'].map((name) => [name, Promise.withResolvers<Outcome>()]));
    const chain = new HandlerChain<LineContext>({
      base: [note('a'), (ctx) => gates.get(ctx.record)?.promise ?? next, note('b')],
      defer: [note('x')],
    });
    const [first, second] = [line('1'), line('2')];
    const runs = [chain.run(first), chain.run(second)];

    gates.get('2')?.resolve(stop('filtered'));
    expect(await runs[1]).toEqual(stop('filtered'));
    expect(first.trace).toEqual(['a 1']);

    gates.get('1')?.resolve(next);
    expect(await runs[0]).toBe(next);
    expect(first.trace).toEqual(['a 1', 'b 1', 'x 1']);
  });

  it('takes handlers that are written for any context', () => {
    const isEmpty: ContextHandler<BaseContext<unknown>> = ({ record }) => (record === '' ? fail('empty') : next);

    expect(new HandlerChain<LineContext>({ base: [isEmpty] }).run(line(''))).toMatchObject({ kind: 'fail' });
  });

  it('does not change with the list it was made from', () => {
    const base = [note('a')];
    const chain = new HandlerChain({ base });
    const ctx = line('1');

    base.push(note('b'));
    void chain.run(ctx);

    expect(ctx.trace).toEqual(['a 1']);
  });

  it('is empty only without handlers of either kind', () => {
    expect(new HandlerChain({ base: [] }).isEmpty).toBe(true);
    expect(new HandlerChain({ base: [note('a')] }).isEmpty).toBe(false);
    expect(new HandlerChain({ base: [], defer: [note('x')] }).isEmpty).toBe(false);
  });
});
