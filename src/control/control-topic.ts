import type { TopicAdmin } from '../platform/kafka/topic-admin.js';

/** A task's slot is its partition of the control topic; workers share the partitions. Never changed: slots are stored. */
export const CONTROL_PARTITIONS = 64;

const TEN_MINUTES_MS = 10 * 60 * 1000;
const SEVEN_DAYS_MS = 7 * 24 * 60 * 60 * 1000;

/** Idempotent. `replicationFactor` -1 is the broker's default. */
export async function ensureControlTopic(
  admin: Pick<TopicAdmin, 'ensureTopic'>,
  topic: string,
  replicationFactor: number,
): Promise<void> {
  await admin.ensureTopic({
    topic,
    partitions: CONTROL_PARTITIONS,
    replicationFactor,
    configEntries: {
      'cleanup.policy': 'compact',
      'segment.ms': String(TEN_MINUTES_MS),
      'delete.retention.ms': String(SEVEN_DAYS_MS),
    },
    // A topic that Kafka made by itself would forget the desired state after its retention.
    enforced: ['cleanup.policy', 'segment.ms', 'delete.retention.ms'],
  });
}
