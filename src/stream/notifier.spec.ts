import { Notifier } from './notifier.js';

const never = new AbortController().signal;

describe('waiting for a change', () => {
  it('wakes all that wait, at the next change', async () => {
    const notifier = new Notifier();
    notifier.notify();
    const waiting = [notifier.next(never), notifier.next(never)];
    notifier.notify();
    await Promise.all(waiting);
  });

  it('does not take a change of before for the next one', async () => {
    const notifier = new Notifier();
    notifier.notify();
    const aborter = new AbortController();
    const waiting = notifier.next(aborter.signal);
    aborter.abort(new Error('nothing came'));
    await expect(waiting).rejects.toThrow('nothing came');
  });

  it('ends with the signal, before and while it waits', async () => {
    const notifier = new Notifier();
    await expect(notifier.next(AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    const aborter = new AbortController();
    const waiting = notifier.next(aborter.signal);
    aborter.abort(new Error('over now'));
    await expect(waiting).rejects.toThrow('over now');
  });
});
