import { Installation } from '../support/installation.js';

describe('an installation without a single pipeline', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.make('first-start');
  });
  afterAll(() => installation.remove());

  it('is ready in every process, whichever is started first', async () => {
    const worker = await installation.start(['--role', 'worker'], {}, 'live');
    const mgmt = await installation.start(['--role', 'mgmt']);

    await expect(worker.ready()).resolves.toBe(worker);
    expect(await installation.api(mgmt).request('GET', '/pipelines')).toMatchObject({
      status: 200,
      body: { entries: [], total_count: 0 },
    });
  });

  it('is ready in one process that does everything', async () => {
    const all = await installation.start(['--role', 'all']);

    expect(await all.stop()).toMatchObject({ code: 0, signal: null });
  });
});
