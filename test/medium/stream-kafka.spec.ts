import { randomUUID } from 'node:crypto';
import { KafkaStream, type KafkaMessage } from '../../src/platform/kafka/stream/stream-kafka.js';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { BaseContext, HandlerChain, next, StreamApp, type ContextHandler } from '../../src/stream/index.js';
import { readCommittedRecords } from '../support/committed-records.js';
import { KafkaClient } from '../support/kafka-client.js';
import { recordingLogger, testConnection, until } from './kafka-fixture.js';

class TextContext extends BaseContext<string> {
  constructor(readonly message: KafkaMessage) {
    super({ parse: () => String(message.value) });
  }
}

type Options = ConstructorParameters<typeof KafkaStream>[0];

const { brokers } = testConnection();
const kafka = new KafkaClient();
const topics = new TopicAdmin(testConnection(), recordingLogger().logger);
const prefix = `stream-${randomUUID().slice(0, 8)}`;

/** Topics of one test, and the apps that work on them. */
class Stage {
  readonly group: string;
  readonly input: string;
  readonly output: string;
  readonly errors: string;
  readonly warnings: string[] = [];
  private readonly apps: StreamApp<KafkaMessage, TextContext>[] = [];

  constructor(name: string) {
    const [group, input, output, errors] = ['group', 'in', 'out', 'err'].map((part) => `${prefix}-${name}-${part}`);
    Object.assign(this, { group, input, output, errors });
  }

  async makeTopics(partitions = 1, outputSettings: Record<string, string> = {}): Promise<this> {
    await topics.ensureTopic({ topic: this.input, partitions });
    await topics.ensureTopic({ topic: this.output, partitions: 1, configEntries: outputSettings });
    await topics.ensureTopic({ topic: this.errors, partitions: 1 });
    return this;
  }

  async fill(values: readonly string[], partitionOf: (at: number) => number = () => 0): Promise<void> {
    const place = { key: null, headers: {}, timestamp: Date.now(), expected: { outcome: 'skipped' } as const };
    const records = values.map((value, at) => ({ ...place, partition: partitionOf(at), value: Buffer.from(value) }));
    await kafka.produce(this.input, records);
  }

  /** An app that writes each message to the output topic after `before`. */
  start(options: Partial<Options> = {}, ...before: ContextHandler<TextContext>[]) {
    const logger = {
      error: () => undefined,
      warn: (fields: object) => void this.warnings.push(JSON.stringify(fields)),
      info: () => undefined,
    };
    const stream = new KafkaStream({
      ...{ brokers, groupId: this.group, topic: this.input, errorTopic: this.errors, logger },
      ...options,
    });
    const app = new StreamApp<KafkaMessage, TextContext>({
      ...{ source: stream.source, sinks: [stream.sink], errorSink: stream.errorSink, logger },
      contextOf: (message) => new TextContext(message),
      chain: new HandlerChain<TextContext>({
        base: [...before, stream.produceTo(this.output, ({ record }) => ({ value: record }))],
      }),
    });
    app.start();
    this.apps.push(app);
    return app;
  }

  async caughtUp(): Promise<void> {
    await kafka.caughtUp(this.group, this.input, () => this.warnings);
  }

  async outputs(): Promise<string[]> {
    return (await readCommittedRecords(this.output)).map(({ value }) => String(value));
  }

  async stop(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.stop().catch(() => undefined)));
  }
}

describe('an app with Kafka on both ends', () => {
  const stages: Stage[] = [];
  const stageOf = (name: string) => {
    stages.push(new Stage(name));
    return stages.at(-1) as Stage;
  };

  afterEach(() => Promise.all(stages.splice(0).map((stage) => stage.stop())));
  afterAll(async () => {
    await topics.close();
    await kafka.removeAll(prefix);
  });

  it.each([true, false])('sends what Kafka refuses to the error topic (transactional: %s)', async (transactional) => {
    const stage = await stageOf(`refused-${transactional}`).makeTopics(1, { 'max.message.bytes': '2000' });
    const values = Array.from({ length: 40 }, (_, n) => (n % 13 === 5 ? `${n} ${'x'.repeat(5000)}` : String(n)));
    await stage.fill(values);
    const app = stage.start({ transactional });
    await stage.caughtUp();
    await app.stop();

    expect(await stage.outputs()).toEqual(values.filter((value) => value.length < 2000));
    const errors = await readCommittedRecords(stage.errors);
    const refused = errors.map(({ value }) => String(value).split(' ')[0]);
    // Each attempt that finds another one writes the error records of those before it: outside of a transaction they stay.
    expect(transactional ? refused : [...new Set(refused)]).toEqual(['5', '18', '31']);
    expect(errors[0]?.headers).toMatchObject({ __error_code: 'MESSAGE_TOO_LARGE', __source_offset: '5' });
  });

  it('waits for a topic that does not exist yet, and says so; an offset moves only when the output is written', async () => {
    const stage = stageOf('missing');
    await topics.ensureTopic({ topic: stage.input, partitions: 1 });
    await stage.fill(['a', 'b']);
    const app = stage.start();
    await until('it says what it waits for', () => stage.warnings.some((text) => text.includes(stage.output)));
    expect(await kafka.lag(stage.group, stage.input)).toBe(2);

    await topics.ensureTopic({ topic: stage.output, partitions: 1 });
    await stage.caughtUp();
    await app.stop();
    expect(await stage.outputs()).toEqual(['a', 'b']);
  });

  it('commits no offset beyond a message that is still worked on, and what is not settled comes again', async () => {
    const stage = await stageOf('held').makeTopics();
    const values = ['a', 'held', 'b', 'c'];
    await stage.fill(values);
    const seen: string[] = [];
    const first = stage.start({}, ({ record, signal }) => {
      seen.push(record);
      return record === 'held' ? new Promise((resolve) => signal.addEventListener('abort', () => resolve(next))) : next;
    });
    await until('all are taken, and the first is committed', async () => {
      return seen.length === 4 && (await kafka.lag(stage.group, stage.input)) === 3;
    });
    await first.stop({ deadlineMs: 1 });
    expect([await kafka.lag(stage.group, stage.input), await stage.outputs()]).toEqual([3, ['a']]);

    const second = stage.start();
    await stage.caughtUp();
    await second.stop();
    expect(await stage.outputs()).toEqual(values);
  });

  it('neither loses nor doubles anything when another member takes partitions over, being transactional', async () => {
    const stage = await stageOf('shared').makeTopics(4);
    const values = Array.from({ length: 8000 }, (_, n) => String(n));
    await stage.fill(values, (at) => at % 4);
    const workers: number[] = [0, 0];
    const slowly = (worker: number) => async () => {
      workers[worker] = (workers[worker] ?? 0) + 1;
      await new Promise((resolve) => setImmediate(resolve));
      return next;
    };
    stage.start({ transactional: true }, slowly(0));
    await until('the first has begun', async () => (await kafka.lag(stage.group, stage.input)) < values.length);
    stage.start({ transactional: true }, slowly(1));
    await until('both are members', async () => (await kafka.memberCount(stage.group)) === 2);
    await stage.fill(
      values.map((value) => `later ${value}`),
      (at) => at % 4,
    );
    await stage.caughtUp();
    await stage.stop();

    expect((await stage.outputs()).toSorted()).toEqual(
      [...values, ...values.map((value) => `later ${value}`)].toSorted(),
    );
    expect(Math.min(...workers)).toBeGreaterThan(0);
  });

  it('ends when another process uses its transactional id', async () => {
    const stage = await stageOf('fenced').makeTopics(2);
    const transactionalId = `${stage.group}-0`;
    const first = stage.start({ transactional: true, transactionalId });
    const ended = first.ended.catch((error: unknown) => error);
    await stage.fill(['a']);
    await stage.caughtUp();
    stage.start({ transactional: true, transactionalId });
    await until('both are members', async () => (await kafka.memberCount(stage.group)) === 2);
    await stage.fill(['b', 'c'], (at) => at);

    expect(await ended).toMatchObject({ message: expect.stringContaining('fenced') });
    await stage.caughtUp();
    expect((await stage.outputs()).toSorted()).toEqual(['a', 'b', 'c']);
  });
});
