import fc from 'fast-check';
import { BaseContext } from './base-context.js';
import type { ContextHandler, DeferHandler } from './context-handler.js';
import { HandlerChain } from './handler-chain.js';
import type { Outcome } from './outcome.js';
import { fail, next, stop } from './outcome.js';

const deeds = ['next', 'stop', 'fail', 'throw', 'forget', 'cancel', 'cancelParent', 'hang'] as const;
type Deed = (typeof deeds)[number];

interface Step {
  deed: Deed;
  isAsync: boolean;
  /** A base handler that takes something and promises to give it back. */
  takes: boolean;
  /** A base handler during which somebody outside cancels. */
  cancelledFromOutside: boolean;
}

interface History {
  base: Step[];
  defer: Step[];
  /** So many of the handlers come from a chain, the others are the context's own. */
  inChain: number;
  isCancelledBefore: boolean;
}

const step = fc.record<Step>({
  deed: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Deed>('next') },
    { weight: 4, arbitrary: fc.constantFrom(...deeds) },
  ),
  isAsync: fc.boolean(),
  takes: fc.boolean(),
  cancelledFromOutside: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.boolean()),
});

const history = fc.record<History>({
  base: fc.array(step, { maxLength: 6 }),
  defer: fc.array(step, { maxLength: 5 }),
  inChain: fc.nat({ max: 5 }),
  isCancelledBefore: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
});

const forgotten = undefined as unknown as Outcome;

/** One run of a history on the real classes, with what it did written down. */
class Stage {
  readonly started: number[] = [];
  readonly deferred: string[] = [];
  /** Names in the order in which they were added: what must come back reversed. */
  readonly promised: string[];
  readonly root = new BaseContext<string>({ record: 'root' });
  readonly ctx = this.root.derive();

  constructor(private readonly told: History) {
    const base = told.base.map((_step, index) => this.baseHandler(index));
    const defer = told.defer.map((_step, index) => this.deferHandler(index));
    const { inChain } = told;
    this.promised = told.defer.map((_step, index) => `defer ${index}`);
    this.chain = new HandlerChain({ base: base.slice(0, inChain), defer: defer.slice(0, inChain) });
    base.slice(inChain).forEach((handler) => this.ctx.addBaseHandler(handler));
    defer.slice(inChain).forEach((handler) => this.ctx.addDeferHandler(handler));
  }

  readonly chain: HandlerChain<BaseContext<string>>;

  run() {
    if (this.told.isCancelledBefore) {
      this.ctx.cancel('before');
    }
    return this.chain.run(this.ctx);
  }

  /** The model: which base handlers start, and what the outcome is. */
  expected(): { starts: number; kind: Outcome['kind'] } {
    if (this.told.isCancelledBefore) {
      return { starts: 0, kind: 'fail' };
    }
    for (const [index, { deed, cancelledFromOutside }] of this.told.base.entries()) {
      if (deed !== 'next' || cancelledFromOutside) {
        return { starts: index + 1, kind: deed === 'stop' && !cancelledFromOutside ? 'stop' : 'fail' };
      }
    }
    return { starts: this.told.base.length, kind: 'next' };
  }

  private baseHandler(index: number): ContextHandler<BaseContext<string>> {
    return (ctx) => {
      const { deed, isAsync, takes, cancelledFromOutside } = this.told.base[index] as Step;
      this.started.push(index);
      if (takes) {
        this.promised.push(`taken ${index}`);
        ctx.addDeferHandler(() => void this.deferred.push(`taken ${index}`));
      }
      if (cancelledFromOutside) {
        // In the midst of a handler that waits, and before the end of one that does not.
        if (isAsync) {
          return Promise.resolve().then(() => (ctx.cancel('outside'), this.perform(deed, isAsync, true)));
        }
        this.root.cancel('outside');
      }
      return this.perform(deed, isAsync, true);
    };
  }

  private deferHandler(index: number): DeferHandler<BaseContext<string>> {
    return () => {
      const { deed, isAsync } = this.told.defer[index] as Step;
      this.deferred.push(`defer ${index}`);
      return this.perform(deed, isAsync, false);
    };
  }

  private perform(deed: Deed, isAsync: boolean, mayHang: boolean): Outcome | Promise<Outcome> {
    if (deed === 'hang') {
      return mayHang ? this.hang() : next;
    }
    return isAsync ? Promise.resolve().then(() => this.act(deed)) : this.act(deed);
  }

  /** Hangs for ever; only a cancel from outside, a moment later, gets the run out of it. */
  private hang(): Promise<Outcome> {
    void Promise.resolve().then(() => this.ctx.cancel('hung'));
    return new Promise<Outcome>(() => undefined);
  }

  private act(deed: Exclude<Deed, 'hang'>): Outcome {
    switch (deed) {
      case 'next':
        return next;
      case 'stop':
        return stop('enough');
      case 'fail':
        return fail('said');
      case 'throw':
        throw new Error('thrown');
      case 'forget':
        return forgotten;
      case 'cancel':
        this.ctx.cancel('own');
        return next;
      case 'cancelParent':
        this.root.cancel('parent');
        return next;
    }
  }
}

describe('any history of handlers', () => {
  it('starts the right base handlers in order, and every defer handler once, in reverse order', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (told) => {
        const stage = new Stage(told);
        const result = await stage.run();
        const { starts, kind } = stage.expected();

        expect(stage.started).toEqual([...Array(starts).keys()]);
        expect(result.kind).toBe(kind);
        expect(stage.deferred).toEqual(stage.promised.toReversed());
        expect(result.deferErrors?.length ?? 0).toBe(
          told.defer.filter(({ deed }) => deed === 'throw' || deed === 'fail').length,
        );
      }),
      { numRuns: 2000, seed: 20_240 },
    );
  });

  it('answers without a promise exactly when every handler that ran did', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (told) => {
        const stage = new Stage(told);
        const result = stage.run();
        const hasWaited = (given: Step, isBase: boolean) => (given.deed === 'hang' ? isBase : given.isAsync);
        const waited =
          stage.started.some((index) => hasWaited(told.base[index] as Step, true)) ||
          told.defer.some((given) => hasWaited(given, false));

        expect(result instanceof Promise).toBe(waited);
        await result;
      }),
      { numRuns: 1000, seed: 20_241 },
    );
  });
});
