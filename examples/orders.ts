// Reads orders from a topic, checks and prices them, and writes them back. README.md beside it explains each part.
// Run: KAFKA_BROKERS=host:port node orders.ts <input topic> <output topic> <error topic>
import { setTimeout as delay } from 'node:timers/promises';
import { BaseContext, fail, HandlerChain, next, stop, StreamApp } from 'flow-stream-data-pipeline/stream';
import type { Outcome } from 'flow-stream-data-pipeline/stream';
import { KafkaStream } from 'flow-stream-data-pipeline/stream-kafka';
import type { KafkaMessage } from 'flow-stream-data-pipeline/stream-kafka';

interface Order {
  id: string;
  cents: number;
  country: string;
}

/** One order on its way: the record, and what the handlers tell each other. */
class OrderContext extends BaseContext<Order> {
  readonly message: KafkaMessage;
  taxCents = 0;

  constructor(message: KafkaMessage) {
    // Parsed when a handler asks for it first; given up after five seconds.
    super({ parse: () => JSON.parse(String(message.value)) as Order, timeoutMs: 5000 });
    this.message = message;
  }
}

const taxPercent: Readonly<Record<string, number>> = { DE: 19, FR: 20, CH: 8 };
const lookingUp = new Set<OrderContext>();

/** Drops what costs nothing, refuses what makes no sense. */
function check({ record }: OrderContext): Outcome {
  if (!Number.isSafeInteger(record.cents) || record.cents < 0) {
    return fail(new RangeError(`cents must be a whole number from 0 on; it was ${record.cents}`));
  }
  return record.cents === 0 ? stop('free of charge') : next;
}

/** Asks a service, here a table that takes its time. Heeds the signal, so that a time-out ends the wait as well. */
async function price(ctx: OrderContext): Promise<Outcome> {
  lookingUp.add(ctx);
  await delay(1, undefined, { signal: ctx.signal });
  const percent = taxPercent[ctx.record.country];
  if (percent === undefined) {
    return fail(new Error(`no tax is known for country ${ctx.record.country}`));
  }
  ctx.taxCents = Math.round((ctx.record.cents * percent) / 100);
  return next;
}

const { KAFKA_BROKERS = 'localhost:9092', GROUP = 'orders', TRANSACTIONAL, INSTANCE } = process.env;
const [topic = 'orders', outputTopic = 'orders-priced', errorTopic = 'orders-failed'] = process.argv.slice(2);

const kafka = new KafkaStream({
  ...{ brokers: KAFKA_BROKERS.split(','), groupId: GROUP, topic, errorTopic },
  ...{ transactional: TRANSACTIONAL === 'true', transactionalId: INSTANCE },
});

const writeBack = kafka.produceTo(outputTopic, ({ record, taxCents }: OrderContext) => ({
  key: record.id,
  value: JSON.stringify({ ...record, taxCents }),
}));

const app = new StreamApp<KafkaMessage, OrderContext>({
  source: kafka.source,
  sinks: [kafka.sink],
  errorSink: kafka.errorSink,
  contextOf: (message) => new OrderContext(message),
  chain: new HandlerChain<OrderContext>({
    base: [check, price, writeBack],
    // Whatever became of the order: it is not being looked up any more.
    defer: [(ctx) => void lookingUp.delete(ctx)],
  }),
  concurrency: 32,
});

process.once('SIGTERM', () => void app.stop().catch(() => undefined));
app.start();
await app.ended;
console.log(`ended with ${lookingUp.size} orders left over`);
