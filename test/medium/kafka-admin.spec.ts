import { createServer, type AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { KeyedPublisher } from '../../src/platform/kafka/keyed-publisher.js';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { recordingLogger, testConnection, until } from './kafka-fixture.js';

const topicName = () => `admin-test-${randomUUID()}`;

describe('TopicAdmin', () => {
  const { logger } = recordingLogger();
  const connection = testConnection();
  const admin = new TopicAdmin(connection, logger);
  // An independent look at what the broker has.
  const observer = new Kafka({ brokers: connection.brokers, logLevel: logLevel.NOTHING }).admin();
  const made: string[] = [];

  const newTopic = () => {
    const topic = topicName();
    made.push(topic);
    return topic;
  };
  const configOf = async (topic: string) => {
    const { resources } = await observer.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: topic }],
    });
    return Object.fromEntries(resources[0]?.configEntries.map((entry) => [entry.configName, entry.configValue]) ?? []);
  };
  const partitionsOf = async (topic: string) => {
    const { topics } = await observer.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length;
  };

  beforeAll(() => observer.connect());
  afterAll(async () => {
    await admin.deleteTopics(made);
    await Promise.all([admin.close(), observer.disconnect()]);
  });

  it('makes a topic with its partitions and settings, and finds it there the second time', async () => {
    const topic = newTopic();
    const wanted = { topic, partitions: 3, configEntries: { 'cleanup.policy': 'compact', 'segment.ms': '600000' } };

    expect(await admin.ensureTopic(wanted)).toEqual({ created: true });
    expect(await admin.ensureTopic(wanted)).toEqual({ created: false });

    expect(await partitionsOf(topic)).toBe(3);
    expect(await configOf(topic)).toMatchObject({ 'cleanup.policy': 'compact', 'segment.ms': '600000' });
  });

  it('leaves partitions and replication to the broker when asked for -1 or nothing', async () => {
    const [implicit, explicit] = [newTopic(), newTopic()];

    await admin.ensureTopic({ topic: implicit });
    await admin.ensureTopic({ topic: explicit, partitions: -1, replicationFactor: -1 });

    expect(await admin.partitionCount(explicit)).toBeGreaterThan(0);
    expect(await admin.partitionCount(implicit)).toBe(await admin.partitionCount(explicit));
  });

  it('raises partitions, and never lowers them', async () => {
    const topic = newTopic();
    await admin.ensureTopic({ topic, partitions: 2 });

    await admin.ensureTopic({ topic, partitions: 5 });
    expect(await admin.partitionCount(topic)).toBe(5);

    await admin.ensureTopic({ topic, partitions: 3 });
    expect(await admin.partitionCount(topic)).toBe(5);
  });

  it('raises max.message.bytes, never lowers it, and keeps what others set on the topic', async () => {
    const topic = newTopic();
    await admin.ensureTopic({ topic, configEntries: { 'max.message.bytes': '2000000', 'retention.ms': '777000' } });

    await admin.ensureTopic({ topic, configEntries: { 'max.message.bytes': '3000000', 'retention.ms': '1000' } });
    await until('the topic takes 3 MB', async () => (await configOf(topic))['max.message.bytes'] === '3000000');
    expect((await configOf(topic))['retention.ms']).toBe('777000');

    await admin.ensureTopic({ topic, configEntries: { 'max.message.bytes': '1000000' } });
    expect((await configOf(topic))['max.message.bytes']).toBe('3000000');
  });

  it('corrects what is enforced on a topic that somebody else made', async () => {
    const topic = newTopic();
    await observer.createTopics({ topics: [{ topic, numPartitions: 1 }] });

    await admin.ensureTopic({ topic, configEntries: { 'cleanup.policy': 'compact' }, enforced: ['cleanup.policy'] });

    await until('the topic is compacted', async () => (await configOf(topic))['cleanup.policy'] === 'compact');
  });

  it('lets several make the same topic at once, and says to one of them that it made it', async () => {
    const topic = newTopic();
    const second = new TopicAdmin(connection, logger);

    const answers = await Promise.all(
      [admin, second, admin, second].map((each) => each.ensureTopic({ topic, partitions: 4 })),
    );
    await second.close();

    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(await partitionsOf(topic)).toBe(4);
  });

  it('deletes topics, and does not mind those that are not there', async () => {
    const [first, second, absent] = [newTopic(), newTopic(), topicName()];
    await admin.ensureTopic({ topic: first });
    await admin.ensureTopic({ topic: second });

    await admin.deleteTopics([first, absent, second]);
    await until('both topics are gone', async () => !(await admin.hasTopic(first)) && !(await admin.hasTopic(second)));
    await admin.deleteTopics([first, absent]);

    expect(await admin.partitionCount(absent)).toBe(0);
  });

  it('goes on after a topic that it read from was deleted by somebody else', async () => {
    const [read, next] = [newTopic(), newTopic()];
    await admin.ensureTopic({ topic: read, partitions: 2 });
    expect(await admin.highWatermarks(read)).toEqual(
      new Map([
        [0, 0n],
        [1, 0n],
      ]),
    );
    await observer.deleteTopics({ topics: [read] });

    expect(await admin.ensureTopic({ topic: next })).toEqual({ created: true });
    await expect(admin.highWatermarks(read)).rejects.toMatchObject({
      code: 'KAFKA_ERROR',
      details: { type: 'UNKNOWN_TOPIC_OR_PARTITION' },
    });
  });

  it('knows a group by its members, and deletes it when it has none', async () => {
    const topic = newTopic();
    const groupId = `group-${topic}`;
    await admin.ensureTopic({ topic });
    const consumer = new Kafka({ brokers: connection.brokers, logLevel: logLevel.NOTHING }).consumer({
      groupId,
      maxWaitTimeInMs: 100,
    });
    await consumer.subscribe({ topics: [topic] });
    await consumer.run({ eachMessage: () => Promise.resolve() });
    await until('the group has its member', async () => (await admin.groupMembers(groupId)) === 1);

    await expect(admin.deleteGroup(groupId)).rejects.toMatchObject({
      code: 'KAFKA_ERROR',
      details: { type: 'NON_EMPTY_GROUP' },
    });
    await consumer.disconnect();
    await admin.deleteGroup(groupId);
    await admin.deleteGroup(groupId);

    expect(await admin.groupMembers(groupId)).toBe(0);
  });

  it('says what Kafka refuses, at once and for good', async () => {
    await expect(admin.ensureTopic({ topic: 'not a legal name' })).rejects.toMatchObject({
      code: 'KAFKA_ERROR',
      retryable: false,
      details: { type: 'INVALID_TOPIC_EXCEPTION' },
    });
  });
});

describe('when Kafka is away', () => {
  const { logger } = recordingLogger();
  const away = async (listens: boolean) => {
    // Nobody answers here: the port is closed, or whoever listens says nothing.
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const sockets = new Set<{ destroy(): void }>();
    server.on('connection', (socket) => sockets.add(socket));
    const close = async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise<void>((resolve) => server.close(() => resolve()));
    };
    if (!listens) {
      await close();
    }
    const connection = testConnection({ brokers: [`127.0.0.1:${port}`], adminTimeoutMs: 1500, requestTimeoutMs: 1000 });
    return { connection, close: listens ? close : () => Promise.resolve() };
  };

  it.each([
    ['a closed port', false],
    ['a port that stays silent', true],
  ])('an administrative call ends within its time: %s', async (_name, listens) => {
    const { connection, close } = await away(listens);
    const admin = new TopicAdmin(connection, logger);

    await expect(admin.ensureTopic({ topic: topicName() })).rejects.toMatchObject({
      name: 'CodedError',
      code: 'KAFKA_UNAVAILABLE',
      retryable: true,
    });
    await expect(admin.ping()).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE' });

    await admin.close();
    await close();
  });

  it.each([
    ['a closed port', false],
    ['a port that stays silent', true],
  ])('a record is refused within 5 s: %s', async (_name, listens) => {
    const { connection, close } = await away(listens);
    const publisher = new KeyedPublisher(connection, logger);

    await expect(publisher.send(topicName(), [{ key: 'k', value: 'v' }])).rejects.toMatchObject({
      code: 'KAFKA_UNAVAILABLE',
      retryable: true,
    });

    await publisher.close();
    await close();
  });
});
