import { ConsumerSession, type GroupConsumerListener } from '../../src/platform/kafka/consumer-session.js';
import type { KafkaSession } from '../../src/platform/kafka/kafkajs-client.js';
import { KafkajsLog } from '../../src/platform/kafka/kafkajs-log.js';
import { Membership } from '../../src/platform/kafka/membership.js';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { recordingLogger, testConnection, uniqueNames, until } from './kafka-fixture.js';

/** Longer than the tests wait: who has to sit it out does not make it. */
const SESSION_TIMEOUT_MS = 40_000;

describe('a consumer whose connections broke', () => {
  it('is a member again at once, because the group still knows it', async () => {
    const connection = testConnection();
    const { logger } = recordingLogger();
    const admin = new TopicAdmin(connection, logger);
    const names = uniqueNames();
    await admin.ensureTopic({ topic: names.control(), partitions: 2 });
    const assignments: number[][] = [];
    const listener: GroupConsumerListener = {
      joined: (partitions) => assignments.push(partitions),
      batch: () => Promise.resolve(true),
      passed: () => undefined,
      empty: () => undefined,
      lost: () => undefined,
    };
    const membership = new Membership(SESSION_TIMEOUT_MS, 60_000);
    const options = {
      topic: names.control(),
      groupId: names.placementGroup(),
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      reading: 'replay' as const,
    };
    const open = () => new ConsumerSession(connection, options, listener, membership, logger, new KafkajsLog(logger));
    const stopping = new AbortController();

    const first = open();
    const broken = expect(first.run(stopping.signal)).rejects.toThrow();
    await first.joinedOnce;
    (first as unknown as { session: KafkaSession }).session.abandon();
    await broken;
    assignments.length = 0;
    const second = open().run(stopping.signal);
    await until('the consumer has its partitions back', () => assignments.length > 0);

    expect(assignments[0]).toEqual([0, 1]);
    stopping.abort();
    await second;
    await admin.deleteTopics([names.control()]);
    await admin.close();
  });
});
