// Messages a second that one core puts through five handlers that return without a promise, against five plain calls of the
// same functions in the same run. Needs `npm run build` first, since it measures the built code:
//   npm run build && node bench/micro/chain.ts [CPU seconds per contender]
// Contenders take turns, and the best round of each counts, by CPU time, so that a busy machine does not look like a slow
// library; the ratio travels better than the figures. Ends with 1 when a context a message stays below a million.
import type * as StreamModule from '../../src/stream/index.ts';

interface LogRecord {
  level: string;
  message: string;
}

interface Contender {
  name: string;
  handle: (record: LogRecord) => unknown;
  best: number;
}

const ROUNDS = 8;
const BATCH = 20_000;
const WANTED = 1_000_000;
const WARM_UP_SECONDS = 0.3;

const entry = new URL('../../dist/stream/index.js', import.meta.url).href;
const { BaseContext, HandlerChain, next, stop } = (await import(entry)) as typeof StreamModule;

class CountingContext extends BaseContext<LogRecord> {
  characters = 0;
}

interface Counting {
  readonly record: LogRecord;
  characters: number;
}

// Each does a little, so that the engine cannot drop the calls; the work on a real record is not what is measured.
const handlers = [
  ({ record }: Counting) => (record.level === 'debug' ? stop('debug') : next),
  (ctx: Counting) => ((ctx.characters += ctx.record.message.length), next),
  ({ record }: Counting) => (record.message === '' ? stop('empty') : next),
  (ctx: Counting) => ((ctx.characters += ctx.record.level.length), next),
  ({ characters }: Counting) => (characters > 0 ? next : stop('nothing')),
] as const;
const chain = new HandlerChain<CountingContext>({ base: handlers });
const deferringChain = new HandlerChain<CountingContext>({ base: handlers, defer: [() => undefined] });
const records = ['info', 'warn', 'error'].map((level) => ({ level, message: `a line at ${level}` }));

/** What one writes who needs no framework. */
function plainCalls(record: LogRecord): unknown {
  const ctx = { record, characters: 0 };
  let outcome: unknown = next;
  for (let index = 0; index < handlers.length && outcome === next; index++) {
    outcome = handlers[index]?.(ctx);
  }
  return outcome;
}

const chained = 'compiled chain, a context a message';
const contenders: Contender[] = [
  { name: 'five plain calls', handle: plainCalls, best: 0 },
  { name: chained, handle: (record) => chain.run(new CountingContext({ record })), best: 0 },
  {
    name: 'the same with a defer handler',
    handle: (record) => deferringChain.run(new CountingContext({ record })),
    best: 0,
  },
  {
    name: 'the same, parsed on first use',
    handle: (record) => chain.run(new CountingContext({ parse: () => record })),
    best: 0,
  },
  {
    name: 'handlers added to each context',
    handle: (record) => {
      const ctx = new CountingContext({ record });
      handlers.forEach((handler) => ctx.addBaseHandler(handler));
      return ctx.run();
    },
    best: 0,
  },
];

function messagesPerCpuSecond({ handle }: Contender, forSeconds: number): number {
  const before = process.cpuUsage();
  let messages = 0;
  let usedSeconds = 0;
  while (usedSeconds < forSeconds) {
    for (let index = 0; index < BATCH; index++) {
      handle(records[index % records.length] as LogRecord);
    }
    messages += BATCH;
    const used = process.cpuUsage(before);
    usedSeconds = (used.user + used.system) / 1e6;
  }
  return messages / usedSeconds;
}

const secondsEach = Number(process.argv[2] ?? 2);
contenders.forEach((contender) => messagesPerCpuSecond(contender, WARM_UP_SECONDS));
for (let round = 0; round < ROUNDS; round++) {
  for (const contender of contenders) {
    contender.best = Math.max(contender.best, messagesPerCpuSecond(contender, secondsEach / ROUNDS));
  }
}

const baseline = contenders[0]?.best ?? 1;
for (const { name, best } of contenders) {
  const ratio = (baseline / best).toFixed(1);
  console.log(`${name.padEnd(38)} ${(best / 1e6).toFixed(2)} million messages/s, ${ratio} × the time of plain calls`);
}
const found = contenders.find(({ name }) => name === chained)?.best ?? 0;
if (found < WANTED) {
  console.log(`Below the ${WANTED / 1e6} million messages/s that a chain of five has to reach.`);
  process.exitCode = 1;
}
