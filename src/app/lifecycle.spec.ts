import { EventEmitter, once } from 'node:events';
import { ListenError } from './listen-error.js';
import { pino } from 'pino';
import { ProcessLifecycle } from './process-lifecycle.js';
import { runShutdown, type ShutdownStep } from './shutdown.js';

function recorder() {
  const events: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'trace', formatters: { level: (label) => ({ level: label }) } },
    { write: (line: string) => void events.push(JSON.parse(line) as Record<string, unknown>) },
  );
  return { logger, events };
}

class Handle extends EventEmitter {
  readonly codes: number[] = [];

  exit(code: number): void {
    this.codes.push(code);
    this.emit('exited', code);
  }
}

function lifecycle() {
  const { logger, events } = recorder();
  const handle = new Handle();
  return { handle, events, life: new ProcessLifecycle(handle, logger) };
}

const never = () => new Promise<void>(() => undefined);

describe('the life of the process', () => {
  it.each(['SIGTERM', 'SIGINT'])('stops in order on %s and exits 0', async (signal) => {
    const { handle, life } = lifecycle();
    const done: string[] = [];
    await life.run(
      () => Promise.resolve(void done.push('started')),
      () => Promise.resolve(void done.push('stopped')),
    );
    const exited = once(handle, 'exited');
    handle.emit(signal);
    expect(await exited).toEqual([0]);
    expect(done).toEqual(['started', 'stopped']);
  });

  it('leaves at once with 1 on a second signal', async () => {
    const { handle, life } = lifecycle();
    await life.run(() => Promise.resolve(), never);
    handle.emit('SIGTERM');
    handle.emit('SIGINT');
    expect(handle.codes).toEqual([1]);
  });

  it('obeys a signal that comes while it starts once it has started', async () => {
    const { handle, life } = lifecycle();
    const done: string[] = [];
    let started = () => {};
    const running = life.run(
      () => new Promise<void>((resolve) => (started = resolve)),
      () => Promise.resolve(void done.push('stopped')),
    );
    const exited = once(handle, 'exited');
    handle.emit('SIGTERM');
    expect(handle.codes).toEqual([]);
    started();
    await running;
    expect(await exited).toEqual([0]);
    expect(done).toEqual(['stopped']);
  });

  it.each([
    ['uncaughtException', new Error('boom')],
    ['unhandledRejection', 'boom'],
  ])('logs and exits 1 on an %s', (event, reason) => {
    const { handle, events } = lifecycle();
    handle.emit(event, reason);
    expect(handle.codes).toEqual([1]);
    expect(events).toMatchObject([{ level: 'fatal', err: { message: 'boom' } }]);
  });

  it('names the setting in one line when a port is taken', async () => {
    const { handle, events, life } = lifecycle();
    const address = {
      listener: 'public' as const,
      port: 80,
      host: '127.0.0.1',
      settings: { port: 'server.httpPort', host: 'server.bindAddress' },
    };
    const cause = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
    await life.run(() => Promise.reject(new ListenError(address, cause)), never);
    expect(handle.codes).toEqual([1]);
    expect(events).toMatchObject([{ level: 'fatal', msg: 'server.httpPort: port 80 of 127.0.0.1 is already in use' }]);
    expect(events[0]).not.toHaveProperty('err');
  });
});

describe('the shutdown', () => {
  it('runs every step in order, also after one that failed or never ended', async () => {
    const { logger, events } = recorder();
    const done: string[] = [];
    const step = (name: string, run: () => Promise<void>): ShutdownStep => ({
      name,
      deadlineMs: 20,
      run: () => {
        done.push(name);
        return run();
      },
    });
    await runShutdown(
      [
        step('well', () => Promise.resolve()),
        step('failing', () => Promise.reject(new Error('boom'))),
        step('throwing', () => {
          throw new Error('bang');
        }),
        step('endless', never),
        step('last', () => Promise.resolve()),
      ],
      logger,
    );
    expect(done).toEqual(['well', 'failing', 'throwing', 'endless', 'last']);
    expect(events.filter((event) => event['level'] === 'warn').map((event) => [event['step'], event['err']])).toEqual([
      ['failing', expect.objectContaining({ message: 'boom' })],
      ['throwing', expect.objectContaining({ message: 'bang' })],
      ['endless', expect.objectContaining({ message: 'not done after 20 ms' })],
    ]);
  });
});
