import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { parseTaskKey, taskKey, type TaskId } from '../domain/task.js';
import type { TopicNames } from '../domain/topic-names.js';
import type { ConsumedBatch } from '../platform/kafka/consumer-session.js';
import { GroupConsumer } from '../platform/kafka/group-consumer.js';
import type { KafkaConnection } from '../platform/kafka/kafka-connection.js';
import type { TopicAdmin } from '../platform/kafka/topic-admin.js';
import type { Logger } from '../platform/logging/logger.js';
import { RepeatingFault } from '../platform/logging/repeating-fault.js';
import type { DesiredTask } from './desired-task.js';
import { parseDesiredTask } from './parse-desired-task.js';
import { PartitionReplay, type TaskWord } from './partition-replay.js';

const RETRY_PAUSE_MS = 500;

/** Calls come one after another, never at the same time. What throws is logged and does not stop the reading. */
export interface DesiredStateListener {
  /**
   * All partitions that this worker has now, those that it keeps included; may be none. Each is told anew from its start:
   * its tasks, then onReady. `generation` is higher than that of any assignment before, of this worker or another (it is
   * the wall clock in ms when the worker joined; Kafka's own number starts over when a group was empty for a while).
   */
  onAssigned(partitions: number[], generation: number): void;
  /**
   * Others have these now; onAssigned follows at once. All of them, which may be none, and nothing follows, when the
   * membership ended: the worker was out of Kafka's reach for too long.
   */
  onLost(partitions: number[]): void;
  /**
   * What is desired of a task. Before onReady at most one call a task, its last state; afterwards each change. The same one
   * may come again, and a lower revision has to be ignored.
   */
  onDesired(task: DesiredTask, partition: number): void;
  /** The task is gone. It may be one never heard of. */
  onRemoved(task: TaskId, partition: number): void;
  /** All that the partition held when it was assigned has been told. Comes after each onAssigned. */
  onReady(partition: number): void;
}

export interface DesiredStateSubscriberOptions {
  connection: KafkaConnection;
  admin: TopicAdmin;
  names: TopicNames;
  sessionTimeoutMs: number;
  /**
   * Absent: shares the partitions with the other workers (placement). Present: reads all of them in a group of its own, and
   * tells the tasks of this pipeline only.
   */
  pipelineId?: string;
}

/** Tells a worker what should run on it, for as long as it lives. */
export class DesiredStateSubscriber {
  private readonly topic: string;
  private readonly groupId: string;
  private readonly faults: RepeatingFault;
  private consumer: GroupConsumer | undefined;
  private listener: DesiredStateListener | undefined;
  /** By partition; undefined once its end was reached. A new map for each assignment. */
  private assignment = new Map<number, PartitionReplay | undefined>();
  private generation = 0;
  private notingEnds: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: DesiredStateSubscriberOptions,
    private readonly logger: Logger,
    private readonly now: () => number = () => Date.now(),
  ) {
    const { names, pipelineId } = options;
    this.topic = names.control();
    this.groupId = names.placementGroup() + (pipelineId ? `.${pipelineId}.${randomUUID()}` : '');
    this.faults = new RepeatingFault(logger);
  }

  /** Returns at once; the topic and Kafka itself may come later. A second call does nothing. */
  start(listener: DesiredStateListener): void {
    if (this.consumer) {
      return;
    }
    this.listener = listener;
    const { connection, admin, sessionTimeoutMs } = this.options;
    this.consumer = new GroupConsumer(
      connection,
      admin,
      { topic: this.topic, groupId: this.groupId, sessionTimeoutMs, reading: 'replay' },
      {
        joined: (partitions) => this.joined(partitions),
        batch: (batch) => this.read(batch),
        passed: (partition, nextOffset) => this.passed(partition, nextOffset),
        empty: (partition) => this.foundEmpty(partition),
        lost: () => this.lose([...this.assignment.keys()]),
      },
      this.logger,
    );
    this.consumer.start();
  }

  /** Leaves the group, so that others take over at once: stop the tasks before. No callback comes after it was called. */
  async stop(): Promise<void> {
    this.listener = undefined;
    this.assignment = new Map();
    await this.consumer?.stop();
    await this.notingEnds;
    if (this.options.pipelineId) {
      // Kafka would forget it by itself in some minutes.
      await this.options.admin
        .deleteGroup(this.groupId)
        .catch((error: unknown) => this.logger.debug({ err: error }, `group ${this.groupId} was not deleted`));
    }
  }

  private joined(partitions: number[]): void {
    const held = new Set(partitions);
    const given = [...this.assignment.keys()].filter((partition) => !held.has(partition));
    if (given.length > 0) {
      this.lose(given);
    }
    this.assignment = new Map(partitions.map((partition) => [partition, new PartitionReplay()]));
    this.generation = Math.max(this.generation + 1, this.now());
    this.tell((listener) => listener.onAssigned(partitions, this.generation));
    this.notingEnds = this.noteEnds(this.assignment);
  }

  private lose(partitions: number[]): void {
    for (const partition of partitions) {
      this.assignment.delete(partition);
    }
    this.tell((listener) => listener.onLost(partitions));
  }

  /** Asks until it knows, or until the question is moot. */
  private async noteEnds(assignment: Map<number, PartitionReplay | undefined>): Promise<void> {
    const isCurrent = () => this.assignment === assignment && assignment.size > 0;
    while (isCurrent()) {
      try {
        const ends = await this.options.admin.highWatermarks(this.topic);
        for (const [partition, replay] of isCurrent() ? [...assignment] : []) {
          replay?.noteEnd(ends.get(partition) ?? 0n);
          this.completeIfAtEnd(partition);
        }
        this.faults.end('end', { topic: this.topic }, `the end of ${this.topic} is known`);
        return;
      } catch (error) {
        this.faults.report(
          'end',
          { err: error, topic: this.topic },
          `the end of ${this.topic} is not known yet; asking again`,
        );
      }
      await delay(RETRY_PAUSE_MS);
    }
  }

  private read({ partition, messages, nextOffset }: ConsumedBatch): Promise<boolean> {
    for (const message of messages) {
      const word = this.wordOf(message.key, message.value, {
        topic: this.topic,
        partition,
        offset: Number(message.offset),
      });
      if (word) {
        this.take(partition, word);
      }
    }
    for (const replay of this.assignment.values()) {
      replay?.othersHadRecords();
    }
    this.passed(partition, nextOffset);
    return Promise.resolve(true);
  }

  private take(partition: number, word: TaskWord): void {
    const { pipelineId } = this.options;
    const task = 'task' in word ? word.task : word.removed;
    if (!this.assignment.has(partition) || (pipelineId && task.pipelineId !== pipelineId)) {
      return;
    }
    const replay = this.assignment.get(partition);
    if (replay) {
      replay.keep(word);
    } else {
      this.tellWord(partition, word);
    }
  }

  private passed(partition: number, nextOffset: bigint): void {
    this.assignment.get(partition)?.passed(nextOffset);
    this.completeIfAtEnd(partition);
  }

  private foundEmpty(partition: number): void {
    this.assignment.get(partition)?.emptyFetch();
    this.completeIfAtEnd(partition);
  }

  private completeIfAtEnd(partition: number): void {
    const replay = this.assignment.get(partition);
    if (!replay?.isComplete) {
      return;
    }
    this.assignment.set(partition, undefined);
    for (const word of replay.drain()) {
      this.tellWord(partition, word);
    }
    this.tell((listener) => listener.onReady(partition));
  }

  private tellWord(partition: number, word: TaskWord): void {
    this.tell((listener) =>
      'task' in word ? listener.onDesired(word.task, partition) : listener.onRemoved(word.removed, partition),
    );
  }

  private tell(call: (listener: DesiredStateListener) => void): void {
    if (!this.listener) {
      return;
    }
    try {
      call(this.listener);
    } catch (error) {
      this.faults.report('apply', { err: error }, 'a change of the desired state could not be applied', 'error');
    }
  }

  /** Undefined, with a log line, for what cannot be understood. */
  private wordOf(key: Buffer | null, value: Buffer | null, place: object): TaskWord | undefined {
    const id = key ? parseTaskKey(key.toString()) : undefined;
    if (!key || !id) {
      this.faults.report('key', place, 'a message of the control topic was skipped: its key names no task');
      return undefined;
    }
    if (!value) {
      return { removed: id };
    }
    const parsed = parseDesiredTask(value);
    if (parsed.isValid && taskKey(parsed.message) === key.toString()) {
      return { task: parsed.message };
    }
    const reason = parsed.isValid ? 'is not of the task that its key names' : parsed.reason;
    const verdict = !parsed.isValid && parsed.isNewer ? 'refused' : 'skipped';
    this.faults.report(
      taskKey(id),
      { ...place, pipeline: id.pipelineId, task: id.index },
      `the desired state of ${taskKey(id)} was ${verdict}: it ${reason}`,
    );
    return undefined;
  }
}
