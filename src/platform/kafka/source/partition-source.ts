import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaConnection } from '../kafka-connection.js';
import { GroupMembership } from '../wire/group-membership.js';
import { GroupOffsets } from '../wire/group-offsets.js';
import { KafkaFault } from '../wire/kafka-fault.js';
import { KafkaWire } from '../wire/kafka-wire.js';
import type { GroupMember } from '../wire/commit-producer.js';
import { compareAssignments, type Assignment } from './assignment.js';
import { offsetBehind } from './batch-ends.js';
import { faultOf, Fetcher, type Fetched } from './fetcher.js';
import { StartOffsets, type StartEvent } from './start-offsets.js';

export interface PartitionSourceOptions {
  groupId: string;
  topic: string;
  autoOffsetReset: 'earliest' | 'latest';
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  maxWaitMs: number;
  maxPartitionBytes: number;
}

export type SourceEvent =
  | StartEvent
  /** Records between the two offsets were deleted by retention before they were read. */
  | { kind: 'lost_to_retention'; partition: number; fromOffset: number; toOffset: number };

export interface SourceListener {
  /** True when nothing of what was read is left to commit. Asked again and again while `isSettling`. */
  isSettled(): boolean;
  /** What is not final for these partitions belongs to another member now. */
  onLost(isLost: (partition: number) => boolean): void;
  onEvent(event: SourceEvent): void;
}

/** An answer of one partition that is still this member's. */
export interface SourceChunk extends Fetched {
  /** Changes whenever the partition is gained anew; see `holds`. */
  lease: number;
}

const UNASSIGNED_POLL_MS = 100;
const GENERATION_POLL_MS = 20;
const SETTLE_POLL_MS = 20;
/** A member that is away for longer than its session is taken for dead; while it settles it sends no heartbeat. */
const SETTLE_SHARE_OF_SESSION = 1 / 3;
/** How soon partitions that were added to the input topic are noticed. */
const PARTITIONS_INTERVAL_MS = 60_000;
const OFFSET_OUT_OF_RANGE = 'OFFSET_OUT_OF_RANGE';
/** Less room than this is not worth a request. */
const MIN_FETCH_BYTES = 64 * 1024;

/**
 * The records of the partitions that the group gave this member, in order for each partition. Reading is a pull: nothing
 * is fetched, beyond one request a broker, unless `poll` is called, and membership is kept all the same.
 */
export class PartitionSource {
  private readonly wire: KafkaWire;
  private readonly fetcher: Fetcher;
  private readonly offsets: GroupOffsets;
  private readonly starts: StartOffsets;
  private membership: GroupMembership | undefined;
  private assignment: Assignment | undefined;
  private ended: KafkaFault | undefined;
  private readonly positions = new Map<number, number>();
  private readonly leases = new Map<number, number>();
  private unresolved = new Set<number>();
  /** Partition → offset that the log does not hold any more. */
  private readonly outOfRange = new Map<number, number>();
  private leaseCounter = 0;
  /** Aborted: there is no use in settling any longer. Undefined when the group is not about to change. */
  private settling: AbortController | undefined;
  private waitingForGeneration = 0;
  private changed = new AbortController();
  private topicIdOfInput = '';
  private partitionCount = 0;
  private nextLookAtPartitionsMs = 0;
  private readonly starting = new Map<number, number>();
  /** Last stable offset of each partition, as last heard. */
  readonly endOffsets = new Map<number, number>();

  constructor(
    private readonly connection: KafkaConnection,
    private readonly options: PartitionSourceOptions,
    private readonly listener: SourceListener,
  ) {
    this.wire = new KafkaWire(connection, 'fetch');
    this.fetcher = new Fetcher(this.wire, options);
    this.offsets = new GroupOffsets(this.wire, options.groupId);
    this.starts = new StartOffsets(this.offsets, options, (event) => listener.onEvent(event));
  }

  /** The member as of the last settled generation. */
  get member(): GroupMember | undefined {
    return this.assignment?.member;
  }

  /** Kept with every commit, so that offsets of an older topic of the same name are recognised. */
  get topicId(): string {
    return this.topicIdOfInput;
  }

  /** Membership is over: nothing comes any more until the next `join`. */
  get hasEnded(): boolean {
    return this.ended !== undefined;
  }

  /**
   * The group is about to share the partitions out anew: nothing more should be read, and what was read should be committed.
   * What another member gets, it would process once more, perhaps by another revision of the pipeline.
   */
  get isSettling(): boolean {
    return this.settling !== undefined;
  }

  get heartbeatAgeMs(): number {
    return this.membership?.heartbeatAgeMs ?? Infinity;
  }

  get partitions(): number[] {
    return [...(this.assignment?.partitions ?? [])];
  }

  /** Where reading of a partition began; undefined before that is known. */
  startOf(partition: number): number | undefined {
    return this.starting.get(partition);
  }

  holds(partition: number, lease: number): boolean {
    return this.leases.get(partition) === lease;
  }

  /** Joins the group; call it again after `poll` threw because membership ended. */
  async join(): Promise<void> {
    await this.membership?.leave().catch(() => undefined);
    this.ended = undefined;
    this.nextLookAtPartitionsMs = performance.now() + PARTITIONS_INTERVAL_MS;
    const { groupId, topic, sessionTimeoutMs, rebalanceTimeoutMs } = this.options;
    await this.refreshTopic();
    this.membership = new GroupMembership(
      this.connection,
      { groupId, topic, sessionTimeoutMs, rebalanceTimeoutMs },
      {
        beforeRejoin: () => this.settle(),
        onAssigned: (partitions, member) => this.take({ member, partitions: new Set(partitions) }),
        onEnded: (fault) => {
          this.ended = fault;
          this.settling = undefined;
          this.changed.abort();
        },
      },
    );
    await this.membership.join();
  }

  /**
   * The next records, at most about `maxBytes` of them; empty when there were none within the wait. Throws a KafkaFault.
   */
  async poll(maxBytes: number, signal: AbortSignal): Promise<SourceChunk[]> {
    if (this.ended) {
      throw this.ended;
    }
    await this.rejoinForNewPartitions();
    await this.resolveGained(signal);
    await this.resolveOutOfRange();
    if (this.positions.size === 0 && this.fetcher.isIdle) {
      await delay(UNASSIGNED_POLL_MS, undefined, { signal });
      return [];
    }
    await this.fetcher.request(this.topicIdOfInput, this.positions, maxBytes);
    if (this.fetcher.isIdle) {
      throw new KafkaFault('LEADER_NOT_AVAILABLE', 'transient', `No partition of ${this.options.topic} has a leader`);
    }
    const chunks = this.accept(await this.fetcher.answer());
    const taken = chunks.reduce((sum, chunk) => sum + chunk.records.length, 0);
    if (taken > 0 && maxBytes - taken >= MIN_FETCH_BYTES) {
      await this.fetcher.request(this.topicIdOfInput, this.positions, maxBytes - taken);
    }
    return chunks;
  }

  /** Resolves once another generation than this one is settled, however the group comes to it. */
  async afterGeneration(generationId: number, memberId: string, signal: AbortSignal): Promise<void> {
    this.waitingForGeneration++;
    this.settling?.abort();
    try {
      for (;;) {
        signal.throwIfAborted();
        const { member } = this;
        if (member && (member.generationId !== generationId || member.memberId !== memberId)) {
          return;
        }
        await delay(GENERATION_POLL_MS, undefined, { signal });
      }
    } finally {
      this.waitingForGeneration--;
    }
  }

  async close(): Promise<void> {
    this.changed.abort();
    this.settling?.abort();
    await Promise.allSettled([this.membership?.leave(), this.wire.close()]);
  }

  /** Holds the group up until everything is committed; not for ever, and not when a commit itself waits for the new generation. */
  private async settle(): Promise<void> {
    const settling = new AbortController();
    this.settling = settling;
    const until = performance.now() + this.options.sessionTimeoutMs * SETTLE_SHARE_OF_SESSION;
    while (!this.listener.isSettled() && this.waitingForGeneration === 0 && performance.now() < until) {
      if (settling.signal.aborted) {
        return;
      }
      await delay(SETTLE_POLL_MS);
    }
  }

  private take(next: Assignment): void {
    this.settling = undefined;
    const { kept, gained } = compareAssignments(this.assignment, next);
    this.assignment = next;
    this.changed.abort();
    this.changed = new AbortController();
    this.listener.onLost((partition) => !kept.has(partition));
    const unresolved = new Set(this.unresolved);
    for (const partition of [...this.leases.keys()].filter((held) => !kept.has(held))) {
      this.leases.delete(partition);
      this.positions.delete(partition);
      this.outOfRange.delete(partition);
      this.endOffsets.delete(partition);
    }
    for (const partition of gained) {
      this.leases.set(partition, ++this.leaseCounter);
    }
    this.unresolved = gained.union(unresolved.intersection(kept));
  }

  private async resolveGained(signal: AbortSignal): Promise<void> {
    const { member, unresolved, changed } = this;
    if (!member || unresolved.size === 0) {
      return;
    }
    await this.refreshTopic();
    const either = AbortSignal.any([signal, changed.signal]);
    const starts = await this.starts
      .resolve([...unresolved], this.partitionCount, this.topicIdOfInput, member, either)
      .catch((error: unknown) => {
        if (changed.signal.aborted && !signal.aborted) {
          return undefined;
        }
        throw error;
      });
    if (!starts || changed.signal.aborted) {
      return;
    }
    for (const [partition, offset] of starts) {
      this.positions.set(partition, offset);
      this.starting.set(partition, offset);
      this.unresolved.delete(partition);
    }
  }

  private accept(answers: Fetched[]): SourceChunk[] {
    const chunks: SourceChunk[] = [];
    for (const answer of answers) {
      const lease = this.leases.get(answer.partition);
      if (lease === undefined || this.positions.get(answer.partition) !== answer.fetchOffset) {
        continue;
      }
      const fault = faultOf(answer, this.options.topic);
      if (fault) {
        this.handleFault(answer, fault);
        continue;
      }
      this.endOffsets.set(answer.partition, answer.lastStableOffset);
      this.positions.set(answer.partition, offsetBehind(answer.records, answer.fetchOffset));
      chunks.push({ ...answer, lease });
    }
    return chunks;
  }

  /** Past the log's start: go on at its start, never at its end, and say what was lost. */
  private handleFault(answer: Fetched, fault: KafkaFault): void {
    if (fault.code !== OFFSET_OUT_OF_RANGE) {
      this.wire.forgetMetadata();
      this.nextLookAtPartitionsMs = 0;
      throw fault;
    }
    this.positions.delete(answer.partition);
    this.outOfRange.set(answer.partition, answer.fetchOffset);
  }

  private async resolveOutOfRange(): Promise<void> {
    if (this.outOfRange.size === 0) {
      return;
    }
    const starts = await this.offsets.logEnds(this.options.topic, [...this.outOfRange.keys()], 'earliest');
    for (const [partition, toOffset] of starts) {
      const fromOffset = this.outOfRange.get(partition);
      if (fromOffset === undefined) {
        continue;
      }
      this.outOfRange.delete(partition);
      this.positions.set(partition, toOffset);
      this.listener.onEvent({ kind: 'lost_to_retention', partition, fromOffset, toOffset });
    }
  }

  private async refreshTopic(): Promise<void> {
    const { topic } = this.options;
    const metadata = await this.wire.metadata([topic], true);
    const id = metadata.topics.get(topic)?.id;
    if (!id) {
      throw new KafkaFault('UNKNOWN_TOPIC_OR_PARTITION', 'transient', `Topic ${topic} does not exist`);
    }
    if (this.topicIdOfInput !== '' && this.topicIdOfInput !== id) {
      this.startAnew();
    }
    this.topicIdOfInput = id;
    this.partitionCount = metadata.topics.get(topic)?.partitionsCount ?? 0;
  }

  /** The topic was made anew under its name: what was read of the old one cannot be committed any more. */
  private startAnew(): void {
    this.listener.onLost(() => true);
    for (const partition of this.leases.keys()) {
      this.leases.set(partition, ++this.leaseCounter);
    }
    this.positions.clear();
    this.outOfRange.clear();
    this.unresolved = new Set(this.leases.keys());
  }

  /** The group assigns the partitions that it knew when it formed: new ones need a new generation. */
  private async rejoinForNewPartitions(): Promise<void> {
    const now = performance.now();
    if (now < this.nextLookAtPartitionsMs) {
      return;
    }
    this.nextLookAtPartitionsMs = now + PARTITIONS_INTERVAL_MS;
    const before = this.partitionCount;
    await this.refreshTopic();
    if (before > 0 && this.partitionCount > before) {
      await this.join();
    }
  }
}
