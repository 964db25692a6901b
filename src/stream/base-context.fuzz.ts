import { jest } from '@jest/globals';
import fc from 'fast-check';
import { rootHistory, type Deed, type History, type Step } from '../../test/factories/chain-history.js';
import { expectedOf, type Expected } from '../../test/factories/chain-model.js';
import { fuzzSeed } from '../../test/support/fuzz-seed.js';
import { BaseContext } from './base-context.js';
import type { ContextHandler, DeferHandler } from './context-handler.js';
import { HandlerChain } from './handler-chain.js';
import type { Outcome } from './outcome.js';
import { fail, next, stop } from './outcome.js';
import type { RunResult } from './run-result.js';

type Context = BaseContext<string>;

const forgotten = undefined as unknown as Outcome;
const flushed = () => new Promise<void>((resolve) => setImmediate(resolve));
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** One context of a history on the real classes, with what happened to it written down. */
class Life {
  readonly started: number[] = [];
  readonly deferred: string[] = [];
  /** What was promised while the run was at work, in the order of adding: it must come back reversed. */
  readonly promised: string[];
  /** Promised by a handler that the run had gone on without. */
  readonly late: string[] = [];
  readonly children = new Map<number, Life>();
  answer: RunResult | Promise<RunResult> | undefined;
  result: RunResult | undefined;
  endMs = -1;
  private isOver = false;

  constructor(
    private readonly told: History,
    private readonly ctx: Context,
  ) {
    this.promised = told.defer.map((_step, index) => `defer ${index}`);
  }

  run(): RunResult | Promise<RunResult> {
    const { told, ctx } = this;
    const base = told.base.map((_step, index) => this.baseHandler(index));
    const defer = told.defer.map((_step, index) => this.deferHandler(index));
    const { inChain, cancelAtMs } = told;
    const chain = new HandlerChain<Context>({ base: base.slice(0, inChain), defer: defer.slice(0, inChain) });
    base.slice(inChain).forEach((handler) => ctx.addBaseHandler(handler));
    defer.slice(inChain).forEach((handler) => ctx.addDeferHandler(handler));
    cancelLater(ctx, cancelAtMs);
    this.answer = chain.run(ctx);
    void Promise.resolve(this.answer).then((result) => this.end(result));
    if (!(this.answer instanceof Promise)) {
      this.end(this.answer);
    }
    return this.answer;
  }

  private end(result: RunResult): void {
    this.endMs = this.isOver ? this.endMs : performance.now();
    this.isOver = true;
    this.result = result;
  }

  private baseHandler(index: number): ContextHandler<Context> {
    return (ctx) => {
      const step = this.told.base[index] as Step;
      this.started.push(index);
      if (step.takes) {
        this.promise(ctx, `taken ${index}`, false);
      }
      if (step.deed === 'child') {
        return this.runChild(ctx, index, step.child as History);
      }
      if (step.child) {
        // Made and forgotten: its handlers must never be called.
        new Life(step.child, ctx.derive());
      }
      return this.perform(step, () => {
        const isAbandoned = this.hasGoneOn;
        if (step.takesLate) {
          this.promise(ctx, `late ${index}`, isAbandoned);
        }
        return this.act(step.deed);
      });
    };
  }

  private deferHandler(index: number): DeferHandler<Context> {
    return () => {
      this.deferred.push(`defer ${index}`);
      const step = this.told.defer[index] as Step;
      return this.perform(step, () => this.act(step.deed));
    };
  }

  /** Whether the run has left its base handlers. */
  private get hasGoneOn(): boolean {
    return this.ctx.isCancelled || this.isOver;
  }

  private promise(ctx: Context, name: string, isLate: boolean): void {
    (isLate ? this.late : this.promised).push(name);
    ctx.addDeferHandler(() => void this.deferred.push(name));
  }

  private runChild(ctx: Context, index: number, told: History): RunResult | Promise<RunResult> {
    const child = new Life(told, ctx.derive({ timeoutMs: told.timeoutMs }));
    this.children.set(index, child);
    return child.run();
  }

  private perform(step: Step, end: () => Outcome): Outcome | Promise<Outcome> {
    if (step.deed === 'hang') {
      return new Promise<Outcome>(() => undefined);
    }
    if (step.delayMs > 0) {
      return sleep(step.delayMs).then(end);
    }
    return step.isAsync ? Promise.resolve().then(end) : end();
  }

  private act(deed: Deed): Outcome {
    switch (deed) {
      case 'next':
      case 'hang':
      case 'child':
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
    }
  }
}

function cancelLater(ctx: Context, atMs: number | undefined): void {
  if (atMs === 0) {
    ctx.cancel('before');
  } else if (atMs !== undefined) {
    setTimeout(() => ctx.cancel('outside'), atMs);
  }
}

/** Lets virtual time pass until nothing is left to wait for. */
async function drain(): Promise<void> {
  for (await flushed(); jest.getTimerCount() > 0; await flushed()) {
    jest.advanceTimersToNextTimer();
  }
}

/** Every context under it as well. */
function check(told: History, life: Life, expected: Expected, startedAtMs: number): void {
  expect(life.started).toEqual([...Array(expected.starts).keys()]);
  expect(life.result?.kind).toBe(expected.kind);
  expect(life.answer instanceof Promise).toBe(!expected.isSync);
  const { late } = life;
  expect(life.deferred.filter((name) => !late.includes(name))).toEqual(life.promised.toReversed());
  expect(life.deferred.filter((name) => late.includes(name)).toSorted()).toEqual(late.toSorted());
  const [least, most] = expected.deferErrors;
  const errors = life.result?.deferErrors?.length ?? 0;
  expect({ errors, isExpected: errors >= least && errors <= most }).toEqual({ errors, isExpected: true });
  expect(life.endMs - startedAtMs).toBe(expected.endMs);
  expect([...life.children.keys()]).toEqual([...expected.children.keys()]);
  for (const [index, child] of life.children) {
    check(told.base[index]?.child as History, child, expected.children.get(index) as Expected, startedAtMs);
  }
}

describe(`10,000 histories of handlers, outcomes, delays, time-outs and cancels (SDP_TEST_SEED=${fuzzSeed})`, () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
  afterEach(() => void jest.useRealTimers());

  it('start the right base handlers, and every defer handler once, in reverse order, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(rootHistory, async (told) => {
        const startedAtMs = performance.now();
        const root: Context = new BaseContext<string>({ record: 'root', timeoutMs: told.rootTimeoutMs });
        cancelLater(root, told.rootCancelAtMs);
        const life = new Life(told, root.derive({ timeoutMs: told.timeoutMs }));
        void life.run();
        await drain();

        const outerCutMs = Math.min(told.rootTimeoutMs, told.rootCancelAtMs ?? Infinity);
        check(told, life, expectedOf(told, 0, outerCutMs), startedAtMs);
      }),
      { numRuns: 10_000, seed: fuzzSeed },
    );
  }, 120_000);
});
