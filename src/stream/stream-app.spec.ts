import { BaseContext } from './base-context.js';
import type { ConsumerDispatchHandler } from './consumer-dispatch-handler.js';
import type { ContextHandler } from './context-handler.js';
import { HandlerChain } from './handler-chain.js';
import { fail, next, stop } from './outcome.js';
import type { Sink } from './sink.js';
import type { Source } from './source.js';
import { StreamApp } from './stream-app.js';
import type { FailedMessage, StreamAppOptions } from './stream-app-options.js';
import { writeTo } from './write-to.js';

class LineContext extends BaseContext<string> {
  readonly seen: string[] = [];
}

/** Messages from memory: what is delivered, settled and closed can be read. */
class ListSource implements Source<string> {
  readonly settled: string[] = [];
  isClosed = false;
  dispatch: ConsumerDispatchHandler<string> = () => undefined;

  /** With an error it cannot go on after the messages; without one it waits to be stopped. */
  constructor(
    private readonly messages: readonly string[],
    private readonly error?: Error,
  ) {}

  async run(dispatch: ConsumerDispatchHandler<string>, signal: AbortSignal): Promise<void> {
    this.dispatch = dispatch;
    for (const message of this.messages) {
      await dispatch(message);
    }
    if (this.error) {
      throw this.error;
    }
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }
  }

  settle(message: string): void {
    this.settled.push(message);
  }

  async close(): Promise<void> {
    await Promise.resolve();
    this.isClosed = true;
  }
}

class ListSink<T> implements Sink<T> {
  readonly sent: T[] = [];
  isClosed = false;

  constructor(private readonly refuse?: (output: T) => Error | undefined) {}

  async send(output: T): Promise<void> {
    await Promise.resolve();
    const error = this.refuse?.(output);
    if (error) {
      throw error;
    }
    this.sent.push(output);
  }

  async close(): Promise<void> {
    await Promise.resolve();
    this.isClosed = true;
  }
}

type Options = StreamAppOptions<string, LineContext>;

function stage(messages: readonly string[], base: ContextHandler<LineContext>[], more: Partial<Options> = {}) {
  const source = new ListSource(messages);
  const errorSink = new ListSink<FailedMessage<string>>();
  const lines: object[] = [];
  const log = (fields: object, msg: string) => void lines.push({ ...fields, msg });
  const app = new StreamApp<string, LineContext>({
    ...{ source, errorSink, logger: { error: log, warn: log, info: log } },
    contextOf: (message) => new LineContext({ record: message }),
    chain: new HandlerChain<LineContext>({ base }),
    ...more,
  });
  return { app, source, errorSink, lines };
}

describe('StreamApp', () => {
  it('runs the handlers for each message and settles it once what they wrote is acknowledged', async () => {
    const output = new ListSink<string>();
    const { app, source } = stage(
      ['a', 'drop', 'b'],
      [
        ({ record }) => (record === 'drop' ? stop('unwanted') : next),
        writeTo(output, ({ record }) => record.toUpperCase()),
      ],
      { sinks: [output] },
    );
    app.start();
    await app.stop();

    expect([output.sent, source.settled.toSorted()]).toEqual([
      ['A', 'B'],
      ['a', 'b', 'drop'],
    ]);
    expect([source.isClosed, output.isClosed]).toEqual([true, true]);
    await expect(app.ended).resolves.toBeUndefined();
  });

  it.each<[string, ContextHandler<LineContext>, boolean]>([
    ['fails', () => fail('no such order'), false],
    [
      'throws',
      () => {
        throw new Error('no such order');
      },
      true,
    ],
  ])(
    'sends a message whose handler %s to the error sink, logs it with its data, then settles it',
    async (_, handler, isBug) => {
      const { app, source, errorSink, lines } = stage(['{"id":7,"password":"x"}'], [handler], {
        maskedFields: ['Password'],
      });
      app.start();
      await app.stop();

      expect(errorSink.sent).toEqual([
        { message: '{"id":7,"password":"x"}', error: expect.objectContaining({ message: 'no such order' }), isBug },
      ]);
      expect(lines).toEqual([
        expect.objectContaining({ msg: 'A message failed', isBug, data: '{"id":7,"password":"***"}' }),
      ]);
      expect(source.settled).toHaveLength(1);
    },
  );

  it('fails the message whose context cannot be made', async () => {
    const { app, errorSink } = stage(['a'], [], {
      contextOf: () => {
        throw new Error('no context');
      },
    });
    app.start();
    await app.stop();

    expect(errorSink.sent).toEqual([expect.objectContaining({ message: 'a', isBug: true })]);
  });

  it('fails the message whose output cannot be written', async () => {
    const output = new ListSink<string>(() => new Error('no leader'));
    const { app, source, errorSink } = stage(['a'], [writeTo(output, ({ record }) => record)]);
    app.start();
    await app.stop();

    expect([errorSink.sent.map(({ error }) => error.message), source.settled]).toEqual([['no leader'], ['a']]);
  });

  it('ends, with that error, when the error sink cannot take a message, and does not settle it', async () => {
    const errorSink = new ListSink<FailedMessage<string>>(() => new Error('error topic away'));
    const { app, source } = stage(['good', 'bad'], [({ record }) => (record === 'bad' ? fail('bad') : next)], {
      errorSink,
    });
    app.start();

    await expect(app.ended).rejects.toThrow('error topic away');
    expect([source.settled, source.isClosed]).toEqual([['good'], true]);
  });

  it('ends, with that error, when the source cannot go on; what is done stays settled', async () => {
    const source = new ListSource(['a'], new Error('source gone'));
    const { app } = stage([], [], { source });
    app.start();

    await expect(app.ended).rejects.toThrow('source gone');
    expect([source.settled, source.isClosed]).toEqual([['a'], true]);
    await expect(app.stop()).rejects.toThrow('source gone');
  });

  it('finishes what it has taken when it is stopped, before the source is closed', async () => {
    const gate = Promise.withResolvers<void>();
    const { app, source } = stage(['a', 'b'], [() => gate.promise.then(() => next)], { concurrency: 1 });
    app.start();
    const stopped = app.stop();
    await Promise.resolve();

    expect([source.settled, source.isClosed]).toEqual([[], false]);
    gate.resolve();
    await stopped;
    expect([source.settled, source.isClosed]).toEqual([['a', 'b'], true]);
  });

  it('gives up what is not finished within the deadline: cancelled, neither settled nor reported', async () => {
    const seen: unknown[] = [];
    const { app, source, errorSink } = stage(
      ['quick', 'slow', 'queued'],
      [
        (ctx) => {
          if (ctx.record === 'quick') {
            return next;
          }
          ctx.signal.addEventListener('abort', () => seen.push((ctx.signal.reason as { code: string }).code));
          return new Promise(() => undefined);
        },
      ],
      { concurrency: 1 },
    );
    app.start();
    await app.stop({ deadlineMs: 1 });

    expect(seen).toEqual(['STOP_DEADLINE']);
    expect([source.settled, errorSink.sent]).toEqual([['quick'], []]);
  });

  it('tells of defer handlers that failed, and settles all the same', async () => {
    const { app, source, lines } = stage(['a'], [], {
      chain: new HandlerChain<LineContext>({ base: [], defer: [() => fail('not given back')] }),
    });
    app.start();
    await app.stop();

    expect(lines).toEqual([expect.objectContaining({ msg: 'A defer handler failed' })]);
    expect(source.settled).toEqual(['a']);
  });

  it('tells the observer what became of each message', async () => {
    const heard: [string, string, boolean][] = [];
    const observer: Options['observer'] = {
      ended: (message, { kind }, durationMs) => heard.push([message, kind, durationMs >= 0]),
    };
    const { app } = stage(['a', 'b'], [({ record }) => (record === 'b' ? fail('no') : next)], { observer });
    app.start();
    await app.stop();

    expect(heard).toEqual([
      ['a', 'next', true],
      ['b', 'fail', true],
    ]);
  });

  it('keeps messages of one lane in order', async () => {
    const order: string[] = [];
    const gates = new Map(['a1', 'b1'].map((name) => [name, Promise.withResolvers<void>()]));
    const { app } = stage(
      ['a1', 'a2', 'b1'],
      [
        async ({ record }) => {
          await gates.get(record)?.promise;
          order.push(record);
          return next;
        },
      ],
      { laneOf: (message) => message[0] },
    );
    app.start();
    gates.get('b1')?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    gates.get('a1')?.resolve();
    await app.stop();

    expect(order).toEqual(['b1', 'a1', 'a2']);
  });

  it('is started once, and stops without having been started', async () => {
    const { app, source } = stage(['a'], []);
    await app.stop();

    expect(() => app.start()).toThrow(expect.objectContaining({ code: 'APP_ALREADY_STARTED' }));
    expect([source.settled, source.isClosed]).toEqual([[], true]);
  });
});
