import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { withLock } from './lock.mjs';
import { startTimeOf } from './process-identity.mjs';

describe('withLock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  const path = join(folder, 'some/work.lock');
  const heldBy = (owner: object) => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'owner.json'), JSON.stringify(owner));
  };

  afterEach(() => rmSync(path, { recursive: true, force: true }));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lets one in at a time and leaves nothing behind', async () => {
    const inside = { now: 0, most: 0, runs: 0 };
    const work = async () => {
      inside.now += 1;
      inside.most = Math.max(inside.most, inside.now);
      await new Promise((resolve) => setImmediate(resolve));
      inside.now -= 1;
      inside.runs += 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(path, work)));
    expect(inside).toEqual({ now: 0, most: 1, runs: 5 });
    expect(readdirSync(join(folder, 'some'))).toEqual([]);
  });

  it('is free again after a failure, which it passes on', async () => {
    await expect(withLock(path, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(existsSync(path)).toBe(false);
  });

  it('takes over from an owner that died, also when a stranger has its pid now', async () => {
    heldBy({ pid: process.pid, startTime: '00000000:1', token: 'dead' });
    expect(await withLock(path, () => 'done')).toBe('done');
  });

  it('waits for a living owner, says so once, and can be called off', async () => {
    heldBy({ pid: process.pid, startTime: startTimeOf(process.pid) ?? '', token: 'alive' });
    const waitedFor: number[] = [];
    const stop = new AbortController();
    const onWait = (pid: number) => {
      waitedFor.push(pid);
      stop.abort(new Error('called off'));
    };
    await expect(withLock(path, () => 'done', { onWait, signal: stop.signal })).rejects.toThrow('called off');
    expect(waitedFor).toEqual([process.pid]);
    expect(existsSync(path)).toBe(true);
  });
});
