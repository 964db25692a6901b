import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Logger } from '../logging/logger.js';
import { Deadline } from './deadline.js';
import type { KafkaConnection } from './kafka-connection.js';
import { KafkaSession } from './kafkajs-client.js';
import type { KafkajsLog } from './kafkajs-log.js';
import type { JoiningGroup } from './kafkajs-member-id.js';
import type { Membership } from './membership.js';

/** How long others may take to join a rebalance. */
export const REBALANCE_TIMEOUT_MS = 60_000;
/** Bounds how late an idle member learns of a rebalance: kafkajs heartbeats when a fetch returns. */
const MAX_WAIT_MS = 500;
const MAX_HEARTBEAT_INTERVAL_MS = 3000;
const WATCH_INTERVAL_MS = 1000;
const JOIN_PATIENCE_MS = 2000;
const LEAVE_PATIENCE_MS = 3000;

export interface GroupConsumerOptions {
  topic: string;
  groupId: string;
  sessionTimeoutMs: number;
  /** `commit`: go on where the group was. `replay`: read a partition from its start whenever it is assigned. */
  reading: 'commit' | 'replay';
}

export interface ConsumedBatch {
  partition: number;
  messages: KafkaMessage[];
  /** The offset after the batch; it may lie beyond the last message + 1. */
  nextOffset: bigint;
  /** For a batch that takes long. Rejects when the group moves on; then the batch has to be left by rethrowing. */
  heartbeat(): Promise<void>;
  /** False when the work is in vain: stopped, or assigned anew. */
  isCurrent(): boolean;
}

/** Calls come one after another. All but `batch` are synchronous and must not throw. */
export interface GroupConsumerListener {
  /** The whole assignment, before anything of it is read. Comes again after each rebalance. */
  joined(partitions: number[]): void;
  /** In order within a partition. True: done with it (now it is committed, when reading so); false: it has to come again. */
  batch(batch: ConsumedBatch): Promise<boolean>;
  /** Offsets without a record to show, such as transaction markers, were passed. */
  passed(partition: number, nextOffset: bigint): void;
  /** A fetch found nothing. */
  empty(partition: number): void;
  /** By all that can be known here, the group has given all partitions to others. */
  lost(): void;
}

interface Joined {
  memberId: string;
  memberAssignment: Record<string, number[]>;
}

interface BatchProcessed {
  partition: number;
  batchSize?: number;
  lastOffset?: string;
  isEmptyFetch?: boolean;
}

/** One life of a kafkajs consumer: from connecting to its crash, or to our leaving. */
export class ConsumerSession {
  /** Resolves when the group let this client in for the first time; maybe never. */
  readonly joinedOnce: Promise<void>;
  private readonly session: KafkaSession;
  private readonly consumer: Consumer;
  private isOver = false;

  constructor(
    connection: KafkaConnection,
    private readonly options: GroupConsumerOptions,
    private readonly listener: GroupConsumerListener,
    private readonly membership: Membership,
    private readonly logger: Logger,
    log: KafkajsLog,
  ) {
    this.session = new KafkaSession(connection, log);
    this.consumer = this.session.kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      heartbeatInterval: Math.min(MAX_HEARTBEAT_INTERVAL_MS, Math.floor(options.sessionTimeoutMs / 3)),
      maxWaitTimeInMs: MAX_WAIT_MS,
      // Else who comes first would make the topic, with the broker's defaults instead of its shape.
      allowAutoTopicCreation: false,
      // Nobody writes here in transactions; a stray open one must not hold up everybody.
      readUncommitted: true,
      // Starting over is ours: on a new client, with back-off.
      retry: { retries: 5, restartOnFailure: () => Promise.resolve(false) },
    });
    const { consumer } = this;
    this.joinedOnce = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  }

  /** Resolves when `signal` is aborted, after leaving the group; rejects when this client came to its end. */
  async run(signal: AbortSignal): Promise<void> {
    const watch = new AbortController();
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true, signal: watch.signal });
    });
    const failed = Promise.race([this.crashed(), this.stuck(watch.signal)]);
    const started = this.start();
    try {
      await Promise.race([aborted, failed, started.then(() => failed)]);
    } finally {
      this.isOver = true;
      watch.abort();
      await this.close(started);
    }
  }

  private async start(): Promise<void> {
    const { consumer, options } = this;
    this.subscribeToEvents();
    await consumer.connect();
    await consumer.subscribe({ topics: [options.topic], fromBeginning: true });
    this.membership.joining();
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.process(payload),
    });
  }

  private subscribeToEvents(): void {
    const { consumer, membership } = this;
    // Null when it is the client that connects, not the group; see kafkajs-member-id.
    consumer.on(consumer.events.CONNECT, ({ payload }) => this.keepMemberId(payload));
    consumer.on(consumer.events.HEARTBEAT, () => membership.heartbeat());
    consumer.on(consumer.events.REBALANCING, () => membership.joining());
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => this.joined(payload));
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => this.passed(payload));
  }

  private keepMemberId(group: JoiningGroup | null | undefined): void {
    if (group) {
      group.memberId = this.membership.memberId ?? null;
    }
  }

  private joined({ memberId, memberAssignment }: Joined): void {
    if (this.isOver) {
      return;
    }
    const { topic, groupId, reading } = this.options;
    const partitions = [...(memberAssignment[topic] ?? [])].sort((a, b) => a - b);
    this.membership.joined(memberId);
    this.logger.info({ topic, group: groupId, partitions: partitions.length }, `joined group ${groupId}`);
    if (reading === 'replay') {
      for (const partition of partitions) {
        // Also marks what was fetched for the assignment before as stale; kafkajs would go on behind it.
        this.consumer.seek({ topic, partition, offset: '0' });
      }
    }
    this.listener.joined(partitions);
  }

  private async process(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const isCurrent = () => !this.isOver && payload.isRunning() && !payload.isStale();
    const last = batch.messages.at(-1);
    if (!isCurrent() || !last) {
      return;
    }
    const isDone = await this.listener.batch({
      partition: batch.partition,
      messages: batch.messages,
      nextOffset: BigInt(batch.lastOffset()) + 1n,
      heartbeat: () => payload.heartbeat(),
      isCurrent,
    });
    if (!isDone || payload.isStale()) {
      return;
    }
    payload.resolveOffset(last.offset);
    if (this.options.reading === 'commit') {
      await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
    }
  }

  /** Batches with messages were handled in {@link process}; the rest is told here. */
  private passed({ partition, batchSize, lastOffset, isEmptyFetch }: BatchProcessed): void {
    if (this.isOver) {
      return;
    }
    if (isEmptyFetch) {
      this.listener.empty(partition);
    } else if (batchSize === 0 && lastOffset !== undefined) {
      this.listener.passed(partition, BigInt(lastOffset) + 1n);
    }
  }

  private crashed(): Promise<never> {
    return new Promise((_resolve, reject) => {
      this.consumer.on(this.consumer.events.CRASH, ({ payload }) => reject(payload.error));
    });
  }

  private stuck(signal: AbortSignal): Promise<never> {
    return new Promise((_resolve, reject) => {
      const watch = setInterval(() => {
        if (this.membership.isStuck()) {
          reject(new Error('the consumer is neither alive nor in error'));
        }
      }, WATCH_INTERVAL_MS);
      signal.addEventListener('abort', () => clearInterval(watch), { once: true });
    });
  }

  private async close(started: Promise<void>): Promise<void> {
    try {
      // kafkajs forgets a member that is still joining when it stops: the group would wait for it.
      await new Deadline(JOIN_PATIENCE_MS).race(started).catch(() => undefined);
      await new Deadline(LEAVE_PATIENCE_MS).race(this.consumer.disconnect());
    } catch (error) {
      this.logger.debug({ err: error, group: this.options.groupId }, 'kafka consumer did not disconnect by itself');
    } finally {
      this.session.abandon();
    }
  }
}
