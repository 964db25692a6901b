import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startTicksOf, startTimeOf } from '../scripts/bootstrap/process-identity.mjs';
import { pollUntil } from './poll-until.ts';
import { ServiceProcess } from './service-process.ts';

describe('startTicksOf', () => {
  const stat = (state: string) =>
    `4711 (a) b) ${state} 1 4711 4711 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 1000 1\n`;

  it('reads the start time behind a command name with brackets and blanks', () => {
    expect(startTicksOf(stat('S'))).toBe('987654');
  });

  it('takes a zombie for gone', () => {
    expect(startTicksOf(stat('Z'))).toBeUndefined();
  });
});

describe('ServiceProcess', () => {
  const folder = mkdtempSync(join(tmpdir(), 'process-'));
  const pidFile = join(folder, 'x.pid');
  const launch = (script: string) => ({
    command: process.execPath,
    args: ['-e', script],
    cwd: folder,
    environment: {},
    outputFile: join(folder, 'out.log'),
  });
  const hasPrinted = (text: string) => () => readFileSync(join(folder, 'out.log'), 'utf8').includes(text);

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['there is no pid file', undefined],
    ['the pid has another start time: it is a stranger', `${process.pid} 00000000:1`],
    ['the pid file has no start time', `${process.pid}`],
    ['the pid file holds no pid', 'nonsense'],
    ['the pid file names a process group', `-1 x`],
  ])('is stopped when %s, and ending it ends nobody', async (_, text) => {
    rmSync(pidFile, { force: true });
    if (text !== undefined) writeFileSync(pidFile, text);
    const service = new ServiceProcess(pidFile);
    expect(service.findPid()).toBeUndefined();
    // A SIGKILL would end this very test.
    await service.kill();
    await service.stop(0);
  });

  it('is found by another program while it runs, and gone after stop', async () => {
    new ServiceProcess(pidFile).start(launch("setInterval(() => {}, 1000); console.log('one is up')"));
    expect(await pollUntil(hasPrinted('one is up'), 10_000)).toBe(true);
    const pid = new ServiceProcess(pidFile).findPid() ?? 0;
    expect(pid).toBeGreaterThan(0);
    await new ServiceProcess(pidFile).stop(10_000);
    expect(startTimeOf(pid)).toBeUndefined();
  });

  it('is killed when it ignores the request to end', async () => {
    const service = new ServiceProcess(pidFile);
    service.start(launch("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('two is up')"));
    expect(await pollUntil(hasPrinted('two is up'), 10_000)).toBe(true);
    await service.stop(100);
    expect(service.findPid()).toBeUndefined();
  });
});
