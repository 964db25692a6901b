import { jest } from '@jest/globals';
import { CancelScope } from './cancel-scope.js';

describe('CancelScope', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('starts no timer without a time-out', () => {
    const scope = new CancelScope();
    scope.signal.throwIfAborted();

    expect(scope.isCancelled).toBe(false);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('aborts the signal with the very reason of the cancel, also when it is asked for only later', () => {
    const reason = { by: 'operator' };
    const early = new CancelScope();
    const late = new CancelScope();
    const signal = early.signal;

    early.cancel(reason);
    late.cancel(reason);

    expect(signal.reason).toBe(reason);
    expect(late.signal.reason).toBe(reason);
    expect(late.signal).toBe(late.signal);
  });

  it('keeps the first reason', () => {
    const scope = new CancelScope();

    scope.cancel('first');
    scope.cancel('second');

    expect(scope.signal.reason).toBe('first');
    expect(scope.error).toMatchObject({ code: 'CONTEXT_CANCELLED', cause: 'first' });
  });

  it('reaches all descendants and not the parent', () => {
    const root = new CancelScope();
    const middle = new CancelScope(root);
    const sibling = new CancelScope(root);
    const leaf = new CancelScope(middle);

    middle.cancel('enough');

    expect(leaf.signal.reason).toBe('enough');
    expect(root.isCancelled).toBe(false);
    expect(sibling.isCancelled).toBe(false);
  });

  it('is born cancelled under a cancelled parent, and leaves no timer', () => {
    const root = new CancelScope();
    root.cancel('gone');

    expect(new CancelScope(root, 1000).signal.reason).toBe('gone');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('times out with an error that names the limit, descendants included', () => {
    const root = new CancelScope(undefined, 50);
    const leaf = new CancelScope(root, 500);
    const signal = leaf.signal;

    jest.advanceTimersByTime(50);

    expect(signal.reason).toMatchObject({ code: 'CONTEXT_TIMED_OUT', details: { timeoutMs: 50 } });
    expect(root.error).toBe(signal.reason);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('notices a passed deadline of an ancestor although no timer could fire', () => {
    const root = new CancelScope(undefined, 50);
    const leaf = new CancelScope(new CancelScope(root));

    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 60);

    expect(leaf.isCancelled).toBe(true);
    expect(leaf.error).toMatchObject({ code: 'CONTEXT_TIMED_OUT' });
    jest.restoreAllMocks();
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('refuses a time-out of %p', (timeoutMs) => {
    expect(() => new CancelScope(undefined, timeoutMs)).toThrow(RangeError);
  });

  it('ends by stopping its timer and cancelling descendants that are still open or come later', () => {
    const root = new CancelScope(undefined, 50);
    const leaf = new CancelScope(root, 20);

    root.end();

    expect(jest.getTimerCount()).toBe(0);
    expect(leaf.error).toMatchObject({ code: 'CONTEXT_ENDED' });
    expect(new CancelScope(root, 20).error).toMatchObject({ code: 'CONTEXT_ENDED' });
    expect(root.signal.aborted).toBe(false);
  });

  it('leaves the tree when it ends: what happens to its parent later is not its concern', () => {
    const root = new CancelScope();
    const leaf = new CancelScope(root);

    leaf.end();
    root.cancel('gone');

    expect(leaf.signal.aborted).toBe(false);
  });

  describe('wait', () => {
    it('gives what the promise gives, or throws what it throws', async () => {
      const scope = new CancelScope();

      await expect(scope.wait(Promise.resolve(7))).resolves.toBe(7);
      await expect(scope.wait(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    });

    it('gives up when cancelled, and swallows a later rejection', async () => {
      const scope = new CancelScope();
      const { promise, reject } = Promise.withResolvers<number>();
      const waiting = scope.wait(promise);

      scope.cancel('enough');
      await expect(waiting).resolves.toBeUndefined();
      reject(new Error('too late'));
      await expect(promise).rejects.toThrow('too late');
    });

    it('does not wait at all once cancelled', async () => {
      const scope = new CancelScope();
      scope.cancel('enough');

      await expect(scope.wait(new Promise<number>(() => undefined))).resolves.toBeUndefined();
    });
  });
});
