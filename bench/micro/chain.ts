// How many messages a second one core puts through five handlers that return without a promise.
// Run: npm run build && node bench/micro/chain.ts [seconds per case, default 2]
import type * as ContextModule from '../../src/stream/base-context.ts';
import type * as ChainModule from '../../src/stream/handler-chain.ts';
import type * as OutcomeModule from '../../src/stream/outcome.ts';

interface LogRecord {
  level: string;
  message: string;
}

const fromBuild = (path: string): Promise<unknown> =>
  import(new URL(`../../dist/stream/${path}.js`, import.meta.url).href);

const { BaseContext } = (await fromBuild('base-context')) as typeof ContextModule;
const { HandlerChain } = (await fromBuild('handler-chain')) as typeof ChainModule;
const { next, stop } = (await fromBuild('outcome')) as typeof OutcomeModule;

class CountingContext extends BaseContext<LogRecord> {
  characters = 0;
}

// Each does a little, so that the engine cannot drop the calls; the work on a real record is not what is measured.
const handlers = [
  ({ record }: CountingContext) => (record.level === 'debug' ? stop('debug') : next),
  (ctx: CountingContext) => ((ctx.characters += ctx.record.message.length), next),
  ({ record }: CountingContext) => (record.message === '' ? stop('empty') : next),
  (ctx: CountingContext) => ((ctx.characters += ctx.record.level.length), next),
  ({ characters }: CountingContext) => (characters > 0 ? next : stop('nothing')),
];
const chain = new HandlerChain({ base: handlers });
const deferringChain = new HandlerChain({ base: handlers, defer: [() => undefined] });
const records = ['info', 'warn', 'error'].map((level) => ({ level, message: `a line at ${level}` }));

const cases: Record<string, (record: LogRecord) => unknown> = {
  'compiled chain, a context a message': (record) => chain.run(new CountingContext({ record })),
  'compiled chain with a defer handler': (record) => deferringChain.run(new CountingContext({ record })),
  'compiled chain, parsed on first use': (record) => chain.run(new CountingContext({ parse: () => record })),
  'handlers added to each context': (record) => {
    const ctx = new CountingContext({ record });
    handlers.forEach((handler) => ctx.addBaseHandler(handler));
    return ctx.run();
  },
};

const secondsPerCase = Number(process.argv[2] ?? 2);
const batchSize = 20_000;

/** CPU time, not wall time, so that a busy machine does not look like a slow library. */
function messagesPerCpuSecond(handle: (record: LogRecord) => unknown, forSeconds: number): number {
  const before = process.cpuUsage();
  let messages = 0;
  let usedSeconds = 0;
  while (usedSeconds < forSeconds) {
    for (let index = 0; index < batchSize; index++) {
      handle(records[index % records.length] as LogRecord);
    }
    messages += batchSize;
    const used = process.cpuUsage(before);
    usedSeconds = (used.user + used.system) / 1e6;
  }
  return messages / usedSeconds;
}

for (const [name, handle] of Object.entries(cases)) {
  messagesPerCpuSecond(handle, Math.min(0.5, secondsPerCase));
  const rate = messagesPerCpuSecond(handle, secondsPerCase);
  console.log(`${name.padEnd(38)} ${(rate / 1e6).toFixed(2)} million messages/s`);
}
