import { jest } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { CONTROL_PARTITIONS } from '../../src/control/control-topic.js';
import { DesiredStatePublisher } from '../../src/control/desired-state-publisher.js';
import { DesiredStateSubscriber } from '../../src/control/desired-state-subscriber.js';
import type { TopicNames } from '../../src/domain/topic-names.js';
import { KafkaSession } from '../../src/platform/kafka/kafkajs-client.js';
import { KafkajsLog } from '../../src/platform/kafka/kafkajs-log.js';
import { KeyedPublisher } from '../../src/platform/kafka/keyed-publisher.js';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { desiredTask, RecordingListener } from './control-fixture.js';
import { recordingLogger, testConnection, uniqueNames, until } from './kafka-fixture.js';

jest.setTimeout(60_000);

const SESSION_TIMEOUT_MS = 6000;
const slots = Array.from({ length: CONTROL_PARTITIONS }, (_, slot) => slot);

describe('desired state from mgmt to the workers', () => {
  const connection = testConnection();
  const { logger } = recordingLogger();
  const admin = new TopicAdmin(connection, logger);
  const records = new KeyedPublisher(connection, logger);
  const raw = new Kafka({ brokers: connection.brokers, logLevel: logLevel.NOTHING });
  const running: DesiredStateSubscriber[] = [];
  const topics: string[] = [];
  let names: TopicNames;
  let publisher: DesiredStatePublisher;

  const worker = (changes: { pipelineId?: string; names?: TopicNames } = {}, log = logger) => {
    const listener = new RecordingListener();
    const subscriber = new DesiredStateSubscriber(
      { connection, admin, names, sessionTimeoutMs: SESSION_TIMEOUT_MS, ...changes },
      log,
    );
    running.push(subscriber);
    subscriber.start(listener);
    return { listener, subscriber };
  };
  const readyWorker = async (changes: { pipelineId?: string } = {}) => {
    const started = worker(changes);
    await until('the worker is ready', () => started.listener.isReady);
    return started;
  };

  beforeEach(() => {
    names = uniqueNames();
    topics.push(names.control());
    const options = { publisher: records, admin, topic: names.control(), replicationFactor: -1 };
    publisher = new DesiredStatePublisher(options);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((subscriber) => subscriber.stop()));
  });
  afterAll(async () => {
    await admin.deleteTopics(topics);
    await Promise.all([admin.close(), records.close()]);
  });

  it('makes the control topic with the first task: 64 partitions, compacted', async () => {
    await publisher.publish(desiredTask(), 63);

    expect(await admin.partitionCount(names.control())).toBe(64);
    const observer = raw.admin();
    const { resources } = await observer.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: names.control() }],
    });
    await observer.disconnect();
    const settings = resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]) ?? [];
    expect(Object.fromEntries(settings)).toMatchObject({
      'cleanup.policy': 'compact',
      'segment.ms': '600000',
      'delete.retention.ms': '604800000',
    });
  });

  it('refuses a slot that no worker would read', async () => {
    await expect(publisher.publish(desiredTask(), 64)).rejects.toThrow(RangeError);
    await expect(publisher.remove(desiredTask(), -1)).rejects.toThrow(RangeError);
  });

  it('tells a worker the last state of each task, then that it is ready, then each change', async () => {
    await publisher.publish(desiredTask({ revision: 1 }), 7);
    await publisher.publish(desiredTask({ revision: 2, desired: 'close' }), 7);
    await publisher.publish(desiredTask({ index: 1, revision: 3 }), 7);

    const { listener } = await readyWorker();
    expect(listener.partitions).toEqual(slots);
    expect(listener.news).toEqual(['p1#0@7 close r2', 'p1#1@7 running r3', 'ready 7']);

    await publisher.publish(desiredTask({ revision: 4 }), 7);
    await publisher.remove({ pipelineId: 'p1', index: 1 }, 7);
    await until('both changes arrive', () => listener.news.length === 5);
    expect(listener.news.slice(3)).toEqual(['p1#0@7 running r4', 'p1#1@7 removed']);
  });

  it('is ready when no task was ever published', async () => {
    await admin.ensureTopic({ topic: names.control(), partitions: CONTROL_PARTITIONS });

    const { listener } = await readyWorker();

    expect(listener.ready.size).toBe(CONTROL_PARTITIONS);
    expect(listener.news).toEqual([]);
  });

  it('is ready when all that is left of a partition are tombstones', async () => {
    await publisher.publish(desiredTask(), 3);
    await publisher.remove({ pipelineId: 'p1', index: 0 }, 3);

    const { listener } = await readyWorker();

    expect(listener.news).toEqual(['p1#0@3 removed', 'ready 3']);
  });

  it('is ready when the end of a partition is a hole without a record', async () => {
    await publisher.publish(desiredTask(), 5);
    // Offsets that are taken, and that no reader is ever shown: the marker of an ended transaction, twice.
    const producer = raw.producer({ idempotent: true, maxInFlightRequests: 1, transactionalId: names.control() });
    await producer.connect();
    for (const outcome of ['commit', 'abort'] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic: names.control(), messages: [{ partition: 5, key: 'p1#0', value: null }] });
      await transaction[outcome]();
    }
    await producer.disconnect();
    // The broker writes the markers of a transaction some ms after its end.
    await until('the markers are written', async () => (await admin.highWatermarks(names.control())).get(5) === 5n);

    await readyWorker();
  });

  it('is ready when the log was emptied up to its end', async () => {
    await publisher.publish(desiredTask(), 5);
    await admin.highWatermarks(names.control());
    const observer = raw.admin();
    await observer.alterConfigs({
      validateOnly: false,
      resources: [{ type: 2, name: names.control(), configEntries: [{ name: 'cleanup.policy', value: 'delete' }] }],
    });
    // The broker refuses it until it has heard of the new policy.
    await until('the records of the partition are deleted', async () => {
      const request = { topic: names.control(), partitions: [{ partition: 5, offset: '-1' }] };
      return observer.deleteTopicRecords(request).then(
        () => true,
        () => false,
      );
    });
    await observer.disconnect();
    expect((await admin.highWatermarks(names.control())).get(5)).toBe(1n);

    const { listener } = await readyWorker();

    expect(listener.news).toEqual([]);
  });

  it('waits for a control topic that is made later, and says so', async () => {
    const { logger: recorder, lines } = recordingLogger();
    const { listener } = worker({}, recorder);
    await until('the worker says what it waits for', () =>
      lines.some(({ msg }) => msg === `topic ${names.control()} does not exist yet; waiting for it`),
    );
    expect(await admin.hasTopic(names.control())).toBe(false);

    await publisher.publish(desiredTask(), 0);

    await until('the worker is ready', () => listener.isReady);
    expect(listener.news).toEqual(['p1#0@0 running r1', 'ready 0']);
  });

  it('shares the partitions between two workers, and gives them back when one leaves', async () => {
    await publisher.publish(desiredTask({ pipelineId: 'even' }), 0);
    await publisher.publish(desiredTask({ pipelineId: 'odd' }), 1);
    const first = await readyWorker();
    const second = worker();
    await until(
      'both have their half',
      () => first.listener.isReady && second.listener.isReady && first.listener.partitions.length < 64,
    );

    expect([...first.listener.partitions, ...second.listener.partitions].sort((a, b) => a - b)).toEqual(slots);
    expect(first.listener.lost.sort((a, b) => a - b)).toEqual(second.listener.partitions);
    expect(first.listener.generations[1]).toBeGreaterThan(first.listener.generations[0] ?? Infinity);
    expect([...first.listener.told, ...second.listener.told].filter((line) => /^(even|odd)/.test(line))).toHaveLength(
      4,
    );

    first.listener.told.length = 0;
    await second.subscriber.stop();
    await until('the first has all again', () => first.listener.partitions.length === 64 && first.listener.isReady);
    expect(first.listener.news).toEqual(
      expect.arrayContaining(['even#0@0 running r1', 'odd#0@1 running r1', 'ready 0', 'ready 1']),
    );
  });

  it('gives a worker the partitions of one that died without a word', async () => {
    await publisher.publish(desiredTask(), 9);
    const session = new KafkaSession(connection, new KafkajsLog(logger));
    const mortal = session.kafka.consumer({
      groupId: names.placementGroup(),
      sessionTimeout: SESSION_TIMEOUT_MS,
      maxWaitTimeInMs: 200,
      retry: { restartOnFailure: () => Promise.resolve(false) },
    });
    await mortal.subscribe({ topics: [names.control()] });
    await mortal.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
    const { listener } = worker();
    await until('both share', () => listener.partitions.length === 32);

    const dead = new Promise((resolve) => mortal.on(mortal.events.CRASH, resolve));
    session.abandon();

    await until('the survivor has all', () => listener.partitions.length === 64 && listener.isReady);
    expect(listener.told).toContain('p1#0@9 running r1');
    await dead;
  });

  it('refuses what a later release wrote, skips what is no desired state, and goes on', async () => {
    await publisher.publish(desiredTask({ revision: 1 }), 2);
    const place = { partition: 2 };
    await records.send(names.control(), [
      { ...place, key: 'p1#0', value: JSON.stringify({ ...desiredTask({ revision: 2 }), version: 2 }) },
      { ...place, key: 'p1#0', value: 'no JSON' },
      { ...place, key: 'p1#0', value: JSON.stringify(desiredTask({ index: 1, revision: 3 })) },
      { ...place, key: 'not a task', value: JSON.stringify(desiredTask({ revision: 4 })) },
      { ...place, key: 'p2#0', value: JSON.stringify({ ...desiredTask({ pipelineId: 'p2' }), cpuLimit: 'much' }) },
    ]);
    await publisher.publish(desiredTask({ pipelineId: 'p3', revision: 5 }), 2);

    const { logger: recorder, lines } = recordingLogger();
    const { listener } = worker({}, recorder);
    await until('the worker is ready', () => listener.isReady);

    expect(listener.news).toEqual(['p1#0@2 running r1', 'p3#0@2 running r5', 'ready 2']);
    expect(lines.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining([
        'the desired state of p1#0 was refused: it has version 2; this release knows 1',
        'the desired state of p2#0 was skipped: it cpuLimit must be a number above 0',
      ]),
    );
  });

  it('tells a worker of one pipeline all of that pipeline alone, and takes nothing from the others', async () => {
    await publisher.publish(desiredTask({ pipelineId: 'mine', parallelism: 2 }), 10);
    await publisher.publish(desiredTask({ pipelineId: 'mine', parallelism: 2, index: 1 }), 11);
    await publisher.publish(desiredTask({ pipelineId: 'other' }), 10);
    const shared = await readyWorker();

    const own = await readyWorker({ pipelineId: 'mine' });

    expect(own.listener.partitions).toEqual(slots);
    expect(own.listener.told.filter((line) => line.includes('@')).sort()).toEqual([
      'mine#0@10 running r1',
      'mine#1@11 running r1',
    ]);
    expect(shared.listener.told).not.toContain('lost');
    expect(await admin.groupMembers(names.placementGroup())).toBe(1);
  });
});
