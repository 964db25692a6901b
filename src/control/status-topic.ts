import type { TopicAdmin } from '../platform/kafka/topic-admin.js';

/** So that several mgmt replicas can share the reading. */
const STATUS_PARTITIONS = 8;
const ONE_DAY_MS = 24 * 60 * 60 * 1000;
const SEGMENT_BYTES = 16 * 1024 * 1024;
const TEN_MINUTES_MS = 10 * 60 * 1000;

/** Idempotent. `replicationFactor` -1 is the broker's default. */
export async function ensureStatusTopic(
  admin: Pick<TopicAdmin, 'ensureTopic'>,
  topic: string,
  replicationFactor: number,
): Promise<void> {
  await admin.ensureTopic({
    topic,
    partitions: STATUS_PARTITIONS,
    replicationFactor,
    configEntries: {
      'cleanup.policy': 'compact,delete',
      'retention.ms': String(ONE_DAY_MS),
      'segment.bytes': String(SEGMENT_BYTES),
      'segment.ms': String(TEN_MINUTES_MS),
    },
    enforced: ['cleanup.policy'],
  });
}
