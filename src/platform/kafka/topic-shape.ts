import kafkajs, { type Admin } from 'kafkajs';
import type { Deadline } from './deadline.js';
import { kafkaErrorType } from './kafka-error.js';

// CommonJS: Node finds these two only on the default export.
const { ConfigResourceTypes, ConfigSource } = kafkajs;

const VISIBILITY_POLL_MS = 50;
const MAX_MESSAGE_BYTES = 'max.message.bytes';

export interface WantedTopic {
  topic: string;
  /** Absent or -1: the broker's default, and any number that an existing topic has. */
  partitions?: number;
  /** Absent or -1: the broker's default. Of an existing topic it is left as it is. */
  replicationFactor?: number;
  /** Of a new topic. Of an existing one only max.message.bytes is touched, and only raised. */
  configEntries?: Record<string, string>;
  /** Names among configEntries that an existing topic is corrected to have. */
  enforced?: readonly string[];
}

/** False when it was there already. */
export async function createTopic(admin: Admin, wanted: WantedTopic, deadline: Deadline): Promise<boolean> {
  const { topic, partitions = -1, replicationFactor = -1, configEntries = {} } = wanted;
  return admin.createTopics({
    topics: [
      {
        topic,
        numPartitions: partitions,
        replicationFactor,
        configEntries: Object.entries(configEntries).map(([name, value]) => ({ name, value })),
      },
    ],
    timeout: deadline.remainingMs,
    // Its own wait takes a topic that this broker has not heard of yet for a fault.
    waitForLeaders: false,
  });
}

/** Resolves once each partition has a leader, with their number. */
export async function awaitTopic(admin: Admin, topic: string, deadline: Deadline): Promise<number> {
  for (;;) {
    const leaders = await leadersOf(admin, topic);
    if ((leaders.length > 0 && leaders.every((leader) => leader >= 0)) || deadline.isOver) {
      return leaders.length;
    }
    await deadline.pause(VISIBILITY_POLL_MS);
  }
}

/** Empty when the topic does not exist; -1 for a partition without a leader. */
export async function leadersOf(admin: Admin, topic: string): Promise<number[]> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics.find(({ name }) => name === topic)?.partitions.map(({ leader }) => leader) ?? [];
  } catch (error) {
    if (kafkaErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') {
      return [];
    }
    throw error;
  }
}

/** Never lowers. Somebody else raising it at the same time is as good. */
export async function raisePartitions(
  admin: Admin,
  { topic, partitions = -1 }: WantedTopic,
  current: number,
  deadline: Deadline,
): Promise<void> {
  if (current >= partitions) {
    return;
  }
  try {
    await admin.createPartitions({
      topicPartitions: [{ topic, count: partitions }],
      timeout: deadline.remainingMs,
    });
  } catch (error) {
    if (kafkaErrorType(error) !== 'INVALID_PARTITIONS' || (await leadersOf(admin, topic)).length < partitions) {
      throw error;
    }
  }
}

/** Raises max.message.bytes and sets what is enforced, where the topic differs. */
export async function correctConfig(
  admin: Admin,
  { topic, configEntries = {}, enforced = [] }: WantedTopic,
): Promise<void> {
  if (!(MAX_MESSAGE_BYTES in configEntries) && enforced.length === 0) {
    return;
  }
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
  });
  const current = resources[0]?.configEntries ?? [];
  const effective = new Map(current.map(({ configName, configValue }) => [configName, configValue]));
  const changes = Object.entries(configEntries).filter(([name, value]) =>
    name === MAX_MESSAGE_BYTES
      ? Number(effective.get(name)) < Number(value)
      : enforced.includes(name) && effective.get(name) !== value,
  );
  if (changes.length === 0) {
    return;
  }
  // This request replaces all that is set on the topic, so what others set is sent along.
  const own = current.filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG);
  const merged = new Map([...own.map(({ configName, configValue }) => [configName, configValue] as const), ...changes]);
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: ConfigResourceTypes.TOPIC,
        name: topic,
        configEntries: [...merged].map(([name, value]) => ({ name, value })),
      },
    ],
  });
}
