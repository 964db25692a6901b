import { Ensured } from './ensured.js';

describe('Ensured', () => {
  const counting = (outcomes: ('done' | 'failed')[]) => {
    let attempts = 0;
    const ensured = new Ensured(() => {
      const outcome = outcomes[attempts];
      attempts += 1;
      return outcome === 'done' ? Promise.resolve() : Promise.reject(new Error('not yet'));
    });
    return { ensured, attempts: () => attempts };
  };

  it('does the work once, also for callers at the same time', async () => {
    const { ensured, attempts } = counting(['done']);

    await Promise.all([ensured.ensure(), ensured.ensure()]);
    await ensured.ensure();

    expect(attempts()).toBe(1);
  });

  it('does it again after a failure, and after it was told to forget', async () => {
    const { ensured, attempts } = counting(['failed', 'done', 'done']);

    await expect(ensured.ensure()).rejects.toThrow('not yet');
    await ensured.ensure();
    ensured.forget();
    await ensured.ensure();

    expect(attempts()).toBe(3);
  });
});
