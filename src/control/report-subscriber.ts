import { setTimeout as delay } from 'node:timers/promises';
import { taskKey } from '../domain/task.js';
import type { ConsumedBatch } from '../platform/kafka/consumer-session.js';
import { GroupConsumer } from '../platform/kafka/group-consumer.js';
import type { KafkaConnection } from '../platform/kafka/kafka-connection.js';
import type { TopicAdmin } from '../platform/kafka/topic-admin.js';
import type { Logger } from '../platform/logging/logger.js';
import { RepeatingFault } from '../platform/logging/repeating-fault.js';
import { parseTaskReport } from './parse-task-report.js';
import { ensureStatusTopic } from './status-topic.js';
import type { TaskReport } from './task-report.js';

const RETRY_PAUSE_MS = 1000;

export interface ReportSubscriberOptions {
  connection: KafkaConnection;
  admin: TopicAdmin;
  /** Name of the status topic. */
  topic: string;
  groupId: string;
  sessionTimeoutMs: number;
  /** -1: the broker's default. */
  replicationFactor: number;
}

export type OnReports = (reports: TaskReport[]) => Promise<void>;

/** Reads the workers' reports, shared with the other replicas of mgmt. */
export class ReportSubscriber {
  private readonly stopping = new AbortController();
  private readonly faults: RepeatingFault;
  private consumer: GroupConsumer | undefined;
  private ensuring: Promise<void> | undefined;

  constructor(
    private readonly options: ReportSubscriberOptions,
    private readonly logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  /**
   * Returns at once and connects in the background, whether Kafka is there or not. The first time the group reads from the
   * oldest report. `onReports` gets batches, one at a time, never empty, in order within a task; a batch is committed when it resolved,
   * and comes again when it rejected or the process died, so a report may come twice. A second call does nothing.
   */
  start(onReports: OnReports): void {
    if (this.consumer) {
      return;
    }
    const { connection, admin, topic, groupId, sessionTimeoutMs } = this.options;
    this.consumer = new GroupConsumer(
      connection,
      admin,
      { topic, groupId, sessionTimeoutMs, reading: 'commit' },
      {
        batch: (batch) => this.deliver(batch, onReports),
        joined: () => undefined,
        passed: () => undefined,
        empty: () => undefined,
        lost: () => undefined,
      },
      this.logger,
    );
    this.ensuring = this.ensureTopic();
    this.consumer.start();
  }

  /** Waits for the batch in hand, then leaves the group. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.consumer?.stop(), this.ensuring]);
  }

  private async ensureTopic(): Promise<void> {
    const { admin, topic, replicationFactor } = this.options;
    while (!this.isStopping) {
      try {
        await ensureStatusTopic(admin, topic, replicationFactor);
        this.faults.end('topic', { topic }, `topic ${topic} is there`);
        return;
      } catch (error) {
        this.faults.report('topic', { err: error, topic }, `topic ${topic} could not be made; trying again`);
      }
      await this.pause();
    }
  }

  private async deliver(batch: ConsumedBatch, onReports: OnReports): Promise<boolean> {
    const reports = this.reportsOf(batch);
    if (reports.length === 0) {
      return true;
    }
    while (batch.isCurrent()) {
      try {
        await onReports(reports);
        this.faults.end('take', {}, 'task reports are taken again');
        return true;
      } catch (error) {
        this.faults.report(
          'take',
          { err: error, reportCount: reports.length },
          'task reports could not be taken; trying again',
        );
      }
      await this.pause();
      await batch.heartbeat();
    }
    return false;
  }

  private reportsOf({ partition, messages }: ConsumedBatch): TaskReport[] {
    const reports: TaskReport[] = [];
    for (const { key, value, offset } of messages) {
      if (!value) {
        continue;
      }
      const parsed = parseTaskReport(value);
      if (parsed.isValid && key?.toString() === taskKey(parsed.message)) {
        reports.push(parsed.message);
      } else {
        const reason = parsed.isValid ? 'is not of the task that its key names' : parsed.reason;
        this.faults.report(
          reason,
          { topic: this.options.topic, partition, offset: Number(offset), key: key?.toString() },
          `a task report was skipped: it ${reason}`,
        );
      }
    }
    return reports;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async pause(): Promise<void> {
    await delay(RETRY_PAUSE_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
