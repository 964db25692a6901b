import { RecoveryProbe } from './recovery-probe.js';

const never = new AbortController().signal;

describe('waiting out a fault', () => {
  it('ends when OpenSearch answers again, for all that wait, with one probe at a time', async () => {
    const probing = { now: 0, most: 0, count: 0 };
    const probe = new RecoveryProbe({
      isAnswering: async () => {
        probing.most = Math.max(probing.most, ++probing.now);
        await new Promise((resolve) => setImmediate(resolve));
        probing.now--;
        return ++probing.count > 0;
      },
    });
    await Promise.all(Array.from({ length: 5 }, () => probe.wait(60_000, true, never)));
    expect(probing.most).toBe(1);
    expect(probing.count).toBe(1);
  });

  it('asks nobody when OpenSearch is there and only busy', async () => {
    const probe = new RecoveryProbe({ isAnswering: () => Promise.reject(new Error('asked')) });
    await probe.wait(1, false, never);
  });

  it('ends after the delay when nobody answers', async () => {
    const probe = new RecoveryProbe({ isAnswering: () => Promise.resolve(false) });
    await probe.wait(5, true, never);
  });

  it.each([true, false])('ends at once when it is called off (outage: %s)', async (isOutage) => {
    const probe = new RecoveryProbe({ isAnswering: () => Promise.resolve(false) });
    const aborter = new AbortController();
    const waiting = probe.wait(60_000, isOutage, aborter.signal);
    aborter.abort(new Error('stop'));
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'stop' } });
  });
});
