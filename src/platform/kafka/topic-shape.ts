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

/** Validated by Kafka, and carried out or not. */
export type Execution = 'carry out' | 'only validate';

/** False when it was there already. */
export async function createTopic(
  admin: Admin,
  wanted: WantedTopic,
  deadline: Deadline,
  execution: Execution = 'carry out',
): Promise<boolean> {
  const { topic, partitions = -1, replicationFactor = -1, configEntries = {} } = wanted;
  return admin.createTopics({
    validateOnly: execution === 'only validate',
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

/**
 * Resolves once there are at least so many partitions and each has a leader, with their number. A broker hears of what the
 * controller has done some ms later.
 */
export async function awaitTopic(admin: Admin, topic: string, atLeast: number, deadline: Deadline): Promise<number> {
  for (;;) {
    const leaders = await leadersOf(admin, topic);
    if ((leaders.length >= Math.max(atLeast, 1) && leaders.every((leader) => leader >= 0)) || deadline.isOver) {
      return leaders.length;
    }
    await deadline.pause(VISIBILITY_POLL_MS);
  }
}

/** Resolves once the broker has heard that the topic is gone. */
export async function awaitNoTopic(admin: Admin, topic: string, deadline: Deadline): Promise<void> {
  while ((await leadersOf(admin, topic)).length > 0 && !deadline.isOver) {
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
  execution: Execution = 'carry out',
): Promise<void> {
  if (current >= partitions) {
    return;
  }
  try {
    await admin.createPartitions({
      validateOnly: execution === 'only validate',
      topicPartitions: [{ topic, count: partitions }],
      timeout: deadline.remainingMs,
    });
  } catch (error) {
    if (kafkaErrorType(error) !== 'INVALID_PARTITIONS' || (await leadersOf(admin, topic)).length < partitions) {
      throw error;
    }
  }
}

/** Raises max.message.bytes and sets what is enforced, where the topic differs; resolves once the broker has it so. */
export async function correctConfig(admin: Admin, wanted: WantedTopic, deadline: Deadline): Promise<void> {
  if (!(MAX_MESSAGE_BYTES in (wanted.configEntries ?? {})) && (wanted.enforced ?? []).length === 0) {
    return;
  }
  const { own, changes } = await compareConfig(admin, wanted);
  if (changes.length === 0) {
    return;
  }
  // This request replaces all that is set on the topic, so what others set is sent along.
  const merged = new Map([...own, ...changes]);
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: ConfigResourceTypes.TOPIC,
        name: wanted.topic,
        configEntries: [...merged].map(([name, value]) => ({ name, value })),
      },
    ],
  });
  while ((await compareConfig(admin, wanted)).changes.length > 0 && !deadline.isOver) {
    await deadline.pause(VISIBILITY_POLL_MS);
  }
}

type Entry = readonly [name: string, value: string];

/** What is set on the topic itself, and what of it is to be otherwise. */
async function compareConfig(
  admin: Admin,
  { topic, configEntries = {}, enforced = [] }: WantedTopic,
): Promise<{ own: Entry[]; changes: Entry[] }> {
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
  const own = current.filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG);
  return { own: own.map(({ configName, configValue }) => [configName, configValue] as const), changes };
}
