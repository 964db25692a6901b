import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logging/logger.js';
import { RepeatingFault } from '../logging/repeating-fault.js';
import {
  ConsumerSession,
  REBALANCE_TIMEOUT_MS,
  type GroupConsumerListener,
  type GroupConsumerOptions,
} from './consumer-session.js';
import type { KafkaConnection } from './kafka-connection.js';
import { KafkajsLog } from './kafkajs-log.js';
import { Membership } from './membership.js';
import type { TopicAdmin } from './topic-admin.js';

const TOPIC_POLL_MS = 1000;
const WATCH_INTERVAL_MS = 1000;
const MIN_BACK_OFF_MS = 250;
const MAX_BACK_OFF_MS = 2000;

/**
 * Member of a consumer group that stays one: it waits for its topic to exist, outlives brokers, and starts over with
 * back-off after a fault. Faults are logged (once a minute when they repeat), never thrown.
 */
export class GroupConsumer {
  private readonly stopping = new AbortController();
  private readonly log: KafkajsLog;
  private readonly faults: RepeatingFault;
  private readonly membership: Membership;
  private readonly stopped: Promise<void>;
  private running: Promise<void> | undefined;
  private backOffMs = MIN_BACK_OFF_MS;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly admin: Pick<TopicAdmin, 'hasTopic'>,
    private readonly options: GroupConsumerOptions,
    private readonly listener: GroupConsumerListener,
    private readonly logger: Logger,
  ) {
    this.stopped = new Promise((resolve) =>
      this.stopping.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    this.log = new KafkajsLog(logger);
    this.faults = new RepeatingFault(logger);
    this.membership = new Membership(options.sessionTimeoutMs, REBALANCE_TIMEOUT_MS);
  }

  /** Returns at once; connects in the background, for as long as it takes. A second call does nothing. */
  start(): void {
    this.running ??= this.run();
  }

  /** Leaves the group, so that others take over at once; no callback comes after it was called. Takes 5 s at most. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const watch = setInterval(() => this.checkMembership(), WATCH_INTERVAL_MS);
    while (!this.isStopping) {
      try {
        await this.awaitTopic();
        await this.consume();
      } catch (error) {
        await this.recover(error);
      }
    }
    clearInterval(watch);
  }

  private async awaitTopic(): Promise<void> {
    const { topic } = this.options;
    while (!this.isStopping && !(await Promise.race([this.admin.hasTopic(topic), this.stopped]))) {
      this.faults.report('topic', { topic }, `topic ${topic} does not exist yet; waiting for it`);
      await this.pause(TOPIC_POLL_MS);
    }
  }

  private async consume(): Promise<void> {
    if (this.isStopping) {
      return;
    }
    const session = new ConsumerSession(
      this.connection,
      this.options,
      this.listener,
      this.membership,
      this.logger,
      this.log,
    );
    void session.joinedOnce.then(() => this.recovered());
    await session.run(this.stopping.signal);
  }

  private recovered(): void {
    const { topic, groupId } = this.options;
    this.backOffMs = MIN_BACK_OFF_MS;
    this.faults.end('topic', { topic }, `topic ${topic} exists now`);
    this.faults.end('reading', { topic }, `reading ${topic} again`);
    this.faults.end('membership', { topic, group: groupId }, `a member of group ${groupId} again`);
    this.log.recovered();
  }

  private async recover(error: unknown): Promise<void> {
    this.membership.away();
    if (this.isStopping) {
      return;
    }
    const { topic, groupId } = this.options;
    this.faults.report(
      'reading',
      { err: error, topic, group: groupId },
      `reading ${topic} was interrupted; starting over`,
    );
    await this.pause(this.backOffMs);
    this.backOffMs = Math.min(this.backOffMs * 2, MAX_BACK_OFF_MS);
  }

  private checkMembership(): void {
    if (!this.isStopping && this.membership.takeLoss()) {
      const { topic, groupId } = this.options;
      this.faults.report(
        'membership',
        { topic, group: groupId },
        `lost the membership in group ${groupId}: no contact with Kafka`,
      );
      this.listener.lost();
    }
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
