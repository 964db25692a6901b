import { jest } from '@jest/globals';
import { BaseContext } from './base-context.js';
import { fail, next, stop } from './outcome.js';
import type { Outcome } from './outcome.js';

interface LogRecord {
  level: string;
}

interface Marks {
  tenant: string;
  hits: number;
}

class LogContext extends BaseContext<LogRecord, Marks> {
  readonly topic = 'logs';
}

const never = () => new Promise<Outcome>(() => undefined);

function makeContext(options: { timeoutMs?: number } = {}): LogContext {
  return new LogContext({ record: { level: 'info' }, state: { tenant: 'acme', hits: 0 }, ...options });
}

/** A handler that writes its name into the trace and then says what it is told to say. */
function step(trace: string[], name: string, outcome: Outcome | Promise<Outcome> = next) {
  return () => {
    trace.push(name);
    return outcome;
  };
}

describe('BaseContext', () => {
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  describe('record and state', () => {
    it('parses the record on first use, and only once for a context and those derived from it', () => {
      const parse = jest.fn(() => ({ level: 'warn' }));
      const ctx = new BaseContext({ parse });
      const derived = ctx.derive();

      expect(parse).not.toHaveBeenCalled();
      expect(derived.record).toBe(ctx.record);
      expect(ctx.record).toEqual({ level: 'warn' });
      expect(parse).toHaveBeenCalledTimes(1);
    });

    it('fails the record as a bug when a handler reads one that cannot be parsed', () => {
      const ctx = new BaseContext<LogRecord>({ parse: () => JSON.parse('{') as LogRecord });
      ctx.addBaseHandler(({ record }) => (record.level === 'debug' ? stop('debug') : next));

      expect(ctx.run()).toMatchObject({ kind: 'fail', isBug: true, error: { name: 'SyntaxError' } });
    });

    it('hands a replaced record to the handlers that follow', () => {
      const ctx = makeContext();
      ctx.addBaseHandler((own) => {
        own.record = { level: 'error' };
        return next;
      });
      ctx.addBaseHandler(({ record, state, topic }) => stop(`${state.tenant} ${topic} ${record.level}`));

      expect(ctx.run()).toEqual(stop('acme logs error'));
    });
  });

  describe('run', () => {
    it('runs base handlers in order, then defer handlers in reverse order', () => {
      const trace: string[] = [];
      const ctx = makeContext()
        .addDeferHandler(step(trace, 'defer 1'))
        .addBaseHandler(step(trace, 'base 1'))
        .addDeferHandler(step(trace, 'defer 2'))
        .addBaseHandler(step(trace, 'base 2'));

      expect(ctx.run()).toBe(next);
      expect(trace).toEqual(['base 1', 'base 2', 'defer 2', 'defer 1']);
    });

    it('is next when there is nothing to do', () => {
      expect(makeContext().run()).toBe(next);
    });

    it('starts a handler only after the promise of the one before has settled', async () => {
      const trace: string[] = [];
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      const run = makeContext()
        .addBaseHandler(() => promise)
        .addBaseHandler(step(trace, 'base 2'))
        .run();

      await Promise.resolve();
      expect(trace).toEqual([]);
      resolve(next);
      await expect(run).resolves.toBe(next);
      expect(trace).toEqual(['base 2']);
    });

    it.each<[string, Outcome, Outcome | Promise<Outcome>]>([
      ['stop', stop('filtered'), stop('filtered')],
      ['fail', fail('no such field'), fail('no such field')],
      ['a promise of stop', stop('filtered'), Promise.resolve(stop('filtered'))],
      ['a promise of fail', fail('no such field'), Promise.resolve(fail('no such field'))],
    ])('ends at the first %s and still runs the defer handlers', async (_name, expected, outcome) => {
      const trace: string[] = [];
      const ctx = makeContext()
        .addBaseHandler(step(trace, 'base 1', outcome))
        .addBaseHandler(step(trace, 'base 2'))
        .addDeferHandler(step(trace, 'defer'));

      expect(await ctx.run()).toEqual(expected);
      expect(trace).toEqual(['base 1', 'defer']);
    });

    it.each([
      [
        'throws',
        (error: Error) => {
          throw error;
        },
      ],
      ['rejects', (error: Error) => Promise.reject(error)],
    ])('fails as a bug when a handler %s, and still runs the defer handlers', async (_name, broken) => {
      const trace: string[] = [];
      const error = new Error('broken');
      const ctx = makeContext()
        .addBaseHandler(() => broken(error))
        .addDeferHandler(step(trace, 'defer'));

      expect(await ctx.run()).toEqual({ kind: 'fail', error, isBug: true });
      expect(trace).toEqual(['defer']);
    });

    it('fails as a bug when a handler forgets its outcome', () => {
      const forgetful = (() => undefined) as unknown as () => Outcome;

      expect(makeContext().addBaseHandler(forgetful).run()).toMatchObject({ kind: 'fail', isBug: true });
    });

    it('serves one record: a second run and a base handler after the start are refused', () => {
      const ctx = makeContext();
      void ctx.run();

      expect(() => ctx.run()).toThrow(expect.objectContaining({ code: 'CONTEXT_ALREADY_RUN' }));
      expect(() => ctx.addBaseHandler(() => next)).toThrow(expect.objectContaining({ code: 'CONTEXT_ALREADY_RUN' }));
    });
  });

  describe('defer handlers', () => {
    it('all run and are awaited one by one when some fail, and the failures are reported in that order', async () => {
      const trace: string[] = [];
      const ctx = makeContext()
        .addDeferHandler(step(trace, 'defer 1'))
        .addDeferHandler(() => {
          throw new Error('thrown');
        })
        .addDeferHandler(() => Promise.reject(new Error('rejected')))
        .addDeferHandler(step(trace, 'defer 4', Promise.resolve(next)))
        .addDeferHandler(() => fail('said'))
        .addBaseHandler(() => stop('filtered'));

      const result = await ctx.run();

      expect(result).toMatchObject({ kind: 'stop', reason: 'filtered' });
      expect(result.deferErrors?.map((error) => error.message)).toEqual(['said', 'rejected', 'thrown']);
      expect(trace).toEqual(['defer 4', 'defer 1']);
    });

    it('may return nothing, and do not change the outcome', () => {
      const ctx = makeContext()
        .addDeferHandler(() => undefined)
        .addDeferHandler(() => stop('done'));

      expect(ctx.run()).toBe(next);
    });

    it('can be added by a handler for what it took, and by a defer handler', () => {
      const trace: string[] = [];
      const ctx = makeContext().addBaseHandler((own) => {
        own.addDeferHandler(step(trace, 'outer'));
        own.addDeferHandler(() => void own.addDeferHandler(step(trace, 'inner')));
        return next;
      });

      void ctx.run();

      expect(trace).toEqual(['inner', 'outer']);
    });

    it('run at once when a handler that outlived its time-out adds one', () => {
      const trace: string[] = [];
      const ctx = makeContext();
      void ctx.run();

      ctx.addDeferHandler(step(trace, 'late'));
      ctx.addDeferHandler(() => {
        throw new Error('heard by nobody');
      });

      expect(trace).toEqual(['late']);
    });
  });

  describe('time-out', () => {
    it('fails the record while a handler that ignores the signal still hangs, and runs the defer handlers', async () => {
      jest.useFakeTimers();
      const trace: string[] = [];
      const run = makeContext({ timeoutMs: 50 })
        .addBaseHandler(never)
        .addBaseHandler(step(trace, 'base 2'))
        .addDeferHandler(step(trace, 'defer'))
        .run();

      jest.advanceTimersByTime(50);

      expect(await run).toMatchObject({ kind: 'fail', isBug: false, error: { code: 'CONTEXT_TIMED_OUT' } });
      expect(trace).toEqual(['defer']);
    });

    it.each([next, stop('filtered'), fail('own error')])(
      'fails the record whose handler kept the thread busy past it and then returned %p',
      (outcome) => {
        const trace: string[] = [];
        const ctx = makeContext({ timeoutMs: 50 })
          .addBaseHandler(() => {
            jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 60);
            return outcome;
          })
          .addBaseHandler(step(trace, 'base 2'));

        expect(ctx.run()).toMatchObject({ kind: 'fail', error: { code: 'CONTEXT_TIMED_OUT' } });
        expect(trace).toEqual([]);
      },
    );

    it('aborts the signal, so that a handler can give up', async () => {
      const run = makeContext({ timeoutMs: 1 })
        .addBaseHandler(
          ({ signal }) =>
            new Promise<Outcome>((resolve) => signal.addEventListener('abort', () => resolve(stop('gave up')))),
        )
        .run();

      expect(await run).toMatchObject({ kind: 'fail', error: { code: 'CONTEXT_TIMED_OUT' } });
    });

    it('leaves no timer behind when the record is finished in time, and needs none without a limit', async () => {
      jest.useFakeTimers();

      await makeContext({ timeoutMs: 50 })
        .addBaseHandler(() => Promise.resolve(next))
        .run();
      const unlimited = makeContext().addBaseHandler(never);
      void unlimited.run();

      expect(jest.getTimerCount()).toBe(0);
    });

    it('does not bound the defer handlers', async () => {
      jest.useFakeTimers();
      const trace: string[] = [];
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      const run = makeContext({ timeoutMs: 50 })
        .addDeferHandler(step(trace, 'defer 1'))
        .addDeferHandler(() => promise)
        .addBaseHandler(() => next)
        .run();

      jest.advanceTimersByTime(60);
      resolve(next);

      expect(await run).toBe(next);
      expect(trace).toEqual(['defer 1']);
    });
  });

  describe('cancel', () => {
    it('from outside ends the run at once with its reason, and runs the defer handlers', async () => {
      const trace: string[] = [];
      const reason = new Error('partition was taken away');
      const ctx = makeContext().addBaseHandler(never).addDeferHandler(step(trace, 'defer'));
      const run = ctx.run();

      ctx.cancel(reason);

      expect(await run).toEqual({ kind: 'fail', error: reason, isBug: false });
      expect(ctx.signal.reason).toBe(reason);
      expect(ctx.isCancelled).toBe(true);
      expect(trace).toEqual(['defer']);
    });

    it('before the run keeps the base handlers from running, not the defer handlers', () => {
      const trace: string[] = [];
      const ctx = makeContext().addBaseHandler(step(trace, 'base')).addDeferHandler(step(trace, 'defer'));

      ctx.cancel('shutting down');

      expect(ctx.run()).toMatchObject({ kind: 'fail', error: { cause: 'shutting down' } });
      expect(trace).toEqual(['defer']);
    });

    it('by a handler fails its own record, whatever the handler then returns', async () => {
      const cancelling = (outcome: Outcome | Promise<Outcome>) =>
        makeContext().addBaseHandler((ctx) => {
          ctx.cancel('enough');
          return outcome;
        });

      expect(cancelling(next).run()).toMatchObject({ kind: 'fail', error: { code: 'CONTEXT_CANCELLED' } });
      expect(await cancelling(never()).run()).toMatchObject({ kind: 'fail', error: { code: 'CONTEXT_CANCELLED' } });
    });

    it('while the defer handlers run, or after the end, changes nothing', () => {
      const trace: string[] = [];
      const ctx = makeContext()
        .addDeferHandler(step(trace, 'defer 1'))
        .addDeferHandler((own) => own.cancel('too late'));

      expect(ctx.run()).toBe(next);
      ctx.cancel('much too late');
      expect(trace).toEqual(['defer 1']);
    });
  });

  describe('derive', () => {
    it('sees the record, the state and the fields of the app by look-up, changes in the parent included', () => {
      const ctx = makeContext();
      const leaf = ctx.derive().derive({ state: { tenant: 'other' } });

      ctx.record = { level: 'error' };
      ctx.state.hits = 3;

      expect(leaf).toBeInstanceOf(LogContext);
      expect(leaf.topic).toBe('logs');
      expect(leaf.record.level).toBe('error');
      expect({ tenant: leaf.state.tenant, hits: leaf.state.hits }).toEqual({ tenant: 'other', hits: 3 });
    });

    it('keeps its own changes to itself', () => {
      const ctx = makeContext();
      const derived = ctx.derive();

      derived.record = { level: 'error' };
      derived.state.hits = 3;

      expect(ctx.record.level).toBe('info');
      expect(ctx.state.hits).toBe(0);
    });

    it('runs handlers of its own as a part of the parent run', async () => {
      const trace: string[] = [];
      const ctx = makeContext()
        .addBaseHandler((own) =>
          own
            .derive()
            .addBaseHandler(step(trace, 'inner base', Promise.resolve(stop('inner'))))
            .addDeferHandler(step(trace, 'inner defer'))
            .run(),
        )
        .addDeferHandler(step(trace, 'outer defer'));

      expect(await ctx.run()).toEqual(stop('inner'));
      expect(trace).toEqual(['inner base', 'inner defer', 'outer defer']);
    });

    it('is cancelled with its parent through all generations; its own cancel does not reach the parent', () => {
      const ctx = makeContext();
      const middle = ctx.derive();
      const sibling = ctx.derive();
      const leaf = middle.derive();

      middle.cancel('middle');
      ctx.cancel('root');

      expect(leaf.signal.reason).toBe('middle');
      expect(sibling.signal.reason).toBe('root');
      expect(ctx.signal.reason).toBe('root');
      expect(ctx.derive().signal.reason).toBe('root');
    });

    it('fails by its own time-out without failing the parent', async () => {
      const ctx = makeContext().addBaseHandler(async (own) => {
        const part = await own.derive({ timeoutMs: 1 }).addBaseHandler(never).run();
        return part.kind === 'fail' ? stop(part.error.message) : next;
      });

      expect(await ctx.run()).toEqual(stop('The record was not finished within 1 ms.'));
      expect(ctx.isCancelled).toBe(false);
    });

    it('is cancelled when the run of its parent is over, after the defer handlers', () => {
      const seen: boolean[] = [];
      const ctx = makeContext();
      const derived = ctx.derive({ timeoutMs: 1000 });
      ctx.addDeferHandler(() => void seen.push(derived.signal.aborted));

      void ctx.run();

      expect(seen).toEqual([false]);
      expect(derived.signal.reason).toMatchObject({ code: 'CONTEXT_ENDED' });
    });
  });

  it('tells of defer handlers of derived contexts that failed, whatever the handler makes of their result', async () => {
    const ctx = makeContext();
    ctx.addBaseHandler(async (parent) => {
      const derived = parent.derive();
      derived.addDeferHandler(() => fail('not given back'));
      await derived.run();
      return next;
    });
    ctx.addDeferHandler(() => fail('nor this'));

    const { kind, deferErrors } = await ctx.run();
    expect([kind, deferErrors?.map(({ message }) => message)]).toEqual(['next', ['not given back', 'nor this']]);
  });
});
