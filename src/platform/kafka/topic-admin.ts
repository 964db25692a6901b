import type { Logger } from '../logging/logger.js';
import { AdminCalls } from './admin-calls.js';
import { kafkaErrorType } from './kafka-error.js';
import type { KafkaConnection } from './kafka-connection.js';
import {
  awaitNoTopic,
  awaitTopic,
  correctConfig,
  createTopic,
  leadersOf,
  raisePartitions,
  type WantedTopic,
} from './topic-shape.js';

/** Less than a health check may take, so that the answer is the fault and not that there was none. */
const PING_MS = 1800;

/**
 * Administration of topics and groups. Connects with the first call and again when the connection is lost. Every call
 * ends within `adminTimeoutMs`: with KAFKA_UNAVAILABLE (retryable) when Kafka did not answer by then, with KAFKA_ERROR when
 * it answered no. All calls are idempotent and may run at the same time, also from several processes.
 */
export class TopicAdmin {
  private readonly calls: AdminCalls;
  private readonly pingMs: number;

  constructor(connection: KafkaConnection, logger: Logger) {
    this.pingMs = Math.min(PING_MS, connection.adminTimeoutMs);
    this.calls = new AdminCalls(connection, logger);
  }

  /**
   * Makes the topic, or brings one that exists up to it: partitions are raised, never lowered; max.message.bytes is raised;
   * what is named in `enforced` is set. When it resolves each partition has a leader. `created` is false when it was there,
   * or when somebody else made it meanwhile.
   */
  async ensureTopic(wanted: WantedTopic): Promise<{ created: boolean }> {
    return this.calls.run(`creating topic ${wanted.topic}`, async (admin, deadline) => {
      const created = await createTopic(admin, wanted, deadline);
      const partitions = await awaitTopic(admin, wanted.topic, 1, deadline);
      if (!created) {
        await raisePartitions(admin, wanted, partitions, deadline);
        await correctConfig(admin, wanted, deadline);
        await awaitTopic(admin, wanted.topic, wanted.partitions ?? 1, deadline);
      }
      return { created };
    });
  }

  /** Rejects when Kafka would refuse to make the topic, or to raise its partitions, as {@link ensureTopic} does; changes nothing. */
  async checkTopic(wanted: WantedTopic): Promise<void> {
    await this.calls.run(`checking topic ${wanted.topic}`, async (admin, deadline) => {
      const current = (await leadersOf(admin, wanted.topic)).length;
      if (current === 0) {
        await createTopic(admin, wanted, deadline, 'only validate');
      } else {
        await raisePartitions(admin, wanted, current, deadline, 'only validate');
      }
    });
  }

  /** Names that do not exist are fine. */
  async deleteTopics(names: readonly string[]): Promise<void> {
    await this.calls.run(`deleting ${names.join(', ')}`, async (admin, deadline) => {
      const existing = new Set(await admin.listTopics());
      // One by one: the answer names the first fault only, and an absent topic is one.
      for (const topic of names.filter((name) => existing.has(name))) {
        try {
          await admin.deleteTopics({ topics: [topic], timeout: deadline.remainingMs });
        } catch (error) {
          if (kafkaErrorType(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') {
            throw error;
          }
        }
        await awaitNoTopic(admin, topic, deadline);
      }
    });
  }

  async hasTopic(name: string): Promise<boolean> {
    return (await this.partitionCount(name)) > 0;
  }

  /** 0 when the topic does not exist. */
  async partitionCount(name: string): Promise<number> {
    return this.calls.run(`looking up topic ${name}`, async (admin) => (await leadersOf(admin, name)).length);
  }

  /** A group that does not exist is fine; one that has members is refused (KAFKA_ERROR, NON_EMPTY_GROUP). */
  async deleteGroup(groupId: string): Promise<void> {
    await this.calls.run(`deleting group ${groupId}`, async (admin) => {
      try {
        await admin.deleteGroups([groupId]);
      } catch (error) {
        if (kafkaErrorType(error) !== 'GROUP_ID_NOT_FOUND') {
          throw error;
        }
      }
    });
  }

  /** 0 when the group does not exist. */
  async groupMembers(groupId: string): Promise<number> {
    return this.calls.run(`describing group ${groupId}`, async (admin) => {
      const { groups } = await admin.describeGroups([groupId]);
      return groups[0]?.members.length ?? 0;
    });
  }

  /** Per partition the offset that the next record gets. A topic that does not exist is a KAFKA_ERROR. */
  async highWatermarks(topic: string): Promise<Map<number, bigint>> {
    return this.calls.runAlone(`reading the end of ${topic}`, async (admin) => {
      const offsets = await admin.fetchTopicOffsets(topic);
      return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]));
    });
  }

  /** Resolves when a broker answers. Rejects soon: who asks for the health waits for it. */
  async ping(): Promise<void> {
    await this.calls.run('asking for the brokers', (admin) => admin.describeCluster(), this.pingMs);
  }

  async close(): Promise<void> {
    await this.calls.close();
  }
}
