import { Cleanup } from './cleanup.ts';

describe('Cleanup', () => {
  it('ends what came last first, each once, and goes on after a failure', async () => {
    const ended: string[] = [];
    const cleanup = new Cleanup();
    cleanup.add('services', () => Promise.resolve(ended.push('services')));
    cleanup.add('program', () => Promise.reject(new Error('it does not end')));
    cleanup.add('feeds', () => Promise.resolve(ended.push('feeds')));
    expect(await cleanup.run()).toEqual(['program: it does not end']);
    expect(await cleanup.run()).toEqual([]);
    expect(ended).toEqual(['feeds', 'services']);
  });
});
