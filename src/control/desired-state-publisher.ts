import { taskKey, type TaskId } from '../domain/task.js';
import type { KeyedPublisher } from '../platform/kafka/keyed-publisher.js';
import type { TopicAdmin } from '../platform/kafka/topic-admin.js';
import { CONTROL_PARTITIONS, ensureControlTopic } from './control-topic.js';
import type { DesiredTask } from './desired-task.js';
import { Ensured } from './ensured.js';

export interface DesiredStatePublisherOptions {
  publisher: Pick<KeyedPublisher, 'send'>;
  admin: Pick<TopicAdmin, 'ensureTopic'>;
  /** Name of the control topic. */
  topic: string;
  /** -1: the broker's default. */
  replicationFactor: number;
}

/**
 * Tells the workers what should run. Who publishes holds the lock of the pipeline's row, so that two replicas cannot
 * publish in the wrong order; the topic keeps the last state of each task.
 */
export class DesiredStatePublisher {
  private readonly topic: Ensured;

  constructor(private readonly options: DesiredStatePublisherOptions) {
    const { admin, topic, replicationFactor } = options;
    this.topic = new Ensured(() => ensureControlTopic(admin, topic, replicationFactor));
  }

  /** Makes the control topic, so that workers can join before the first pipeline. Idempotent. */
  async prepare(): Promise<void> {
    await this.topic.ensure();
  }

  /**
   * Resolves when Kafka has it for good. Rejects with KAFKA_UNAVAILABLE or KAFKA_ERROR; then it may or may not be written,
   * and publishing it again is right. `slot` is the task's partition, 0 to 63, always the same one for a task.
   */
  async publish(task: DesiredTask, slot: number): Promise<void> {
    await this.write(task, slot, JSON.stringify(task));
  }

  /** The task is gone for good: workers stop it, and the topic forgets it. Failures as with {@link publish}. */
  async remove(task: TaskId, slot: number): Promise<void> {
    await this.write(task, slot, null);
  }

  private async write(task: TaskId, slot: number, value: string | null): Promise<void> {
    if (!Number.isInteger(slot) || slot < 0 || slot >= CONTROL_PARTITIONS) {
      throw new RangeError(`slot ${slot} of task ${taskKey(task)} is not within 0 to ${CONTROL_PARTITIONS - 1}`);
    }
    await this.topic.ensure();
    try {
      await this.options.publisher.send(this.options.topic, [{ key: taskKey(task), value, partition: slot }]);
    } catch (error) {
      this.topic.forget();
      throw error;
    }
  }
}
