import { taskKey } from '../domain/task.js';
import type { KeyedPublisher } from '../platform/kafka/keyed-publisher.js';
import type { TopicAdmin } from '../platform/kafka/topic-admin.js';
import type { Logger } from '../platform/logging/logger.js';
import { RepeatingFault } from '../platform/logging/repeating-fault.js';
import { Ensured } from './ensured.js';
import { ensureStatusTopic } from './status-topic.js';
import type { TaskReport } from './task-report.js';

export interface ReportPublisherOptions {
  publisher: Pick<KeyedPublisher, 'send'>;
  admin: Pick<TopicAdmin, 'ensureTopic'>;
  /** Name of the status topic. */
  topic: string;
  /** -1: the broker's default. */
  replicationFactor: number;
}

/** Sends what a worker says of its tasks. */
export class ReportPublisher {
  private readonly topic: Ensured;
  private readonly faults: RepeatingFault;

  constructor(
    private readonly options: ReportPublisherOptions,
    logger: Logger,
  ) {
    const { admin, topic, replicationFactor } = options;
    this.topic = new Ensured(() => ensureStatusTopic(admin, topic, replicationFactor));
    this.faults = new RepeatingFault(logger);
  }

  /**
   * Best effort: never rejects, since a task must not care. False when Kafka did not take them (logged, once a minute); the
   * next report says it all again. Ends within some 10 s; call it one after another to keep the order.
   */
  async send(reports: readonly TaskReport[]): Promise<boolean> {
    try {
      await this.topic.ensure();
      await this.options.publisher.send(
        this.options.topic,
        reports.map((report) => ({ key: taskKey(report), value: JSON.stringify(report) })),
      );
      this.faults.end('send', {}, 'task reports are sent again');
      return true;
    } catch (error) {
      this.topic.forget();
      this.faults.report('send', { err: error, reportCount: reports.length }, 'task reports were not sent');
      return false;
    }
  }
}
