import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LogTail } from './log-tail.ts';

describe('LogTail', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-tail-'));
  const path = join(folder, 'a.log');
  afterAll(() => rmSync(folder, { recursive: true }));
  const next = async (tail: LogTail) => (await tail.next()).map(String);

  it('gives each line once, and only when it is complete', async () => {
    writeFileSync(path, 'one\r\ntwo\n\nthr');
    const tail = new LogTail(path);
    expect(await next(tail)).toEqual(['one', 'two', '']);
    expect(await next(tail)).toEqual([]);
    appendFileSync(path, 'ee\nfour');
    expect(await next(tail)).toEqual(['three']);
  });

  it('keeps bytes that are no UTF-8', async () => {
    writeFileSync(path, Buffer.from([0xff, 0xfe, 0x0a]));
    expect(await new LogTail(path).next()).toEqual([Buffer.from([0xff, 0xfe])]);
  });

  it('starts anew when the log was emptied, or replaced by another one', async () => {
    writeFileSync(path, 'a long first line\n');
    const tail = new LogTail(path);
    await tail.next();
    writeFileSync(path, 'short\n');
    expect(await next(tail)).toEqual(['short']);
    writeFileSync(`${path}.next`, 'a much longer line in another file\n');
    renameSync(`${path}.next`, path);
    expect(await next(tail)).toEqual(['a much longer line in another file']);
  });

  it('does not wait for ever for the end of a line', async () => {
    writeFileSync(path, Buffer.alloc(1_500_000, 'x'));
    const tail = new LogTail(path);
    let read = 0;
    for (let call = 0; call < 10; call++) for (const line of await tail.next()) read += line.length;
    expect(read).toBeGreaterThanOrEqual(1024 * 1024);
  });

  it('says so when there is no such log', async () => {
    await expect(new LogTail(join(folder, 'none.log')).next()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
