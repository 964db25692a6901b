import type { GroupOffsets } from '../wire/group-offsets.js';
import type { LogEnd } from '../wire/log-ends.js';
import type { GroupMember } from '../wire/commit-producer.js';

export interface StartOffsetsOptions {
  topic: string;
  autoOffsetReset: 'earliest' | 'latest';
}

export type StartEvent =
  /** The committed offset belongs to an older topic of the same name. */
  { kind: 'topic_replaced'; partition: number; committedOffset: number };

/**
 * Where reading of each partition starts: the committed offset, never an older one than a transaction that is still
 * being finished. Without one the reset policy decides, once: its answer is committed before a record is read, so that
 * `latest` does not skip records again after a restart. A partition that appeared after the group began to read starts
 * at its beginning, whatever the policy.
 */
export class StartOffsets {
  constructor(
    private readonly offsets: GroupOffsets,
    private readonly options: StartOffsetsOptions,
    private readonly onEvent: (event: StartEvent) => void,
  ) {}

  async resolve(
    partitions: readonly number[],
    partitionCount: number,
    topicId: string,
    member: GroupMember,
    signal: AbortSignal,
  ): Promise<Map<number, number>> {
    const { topic } = this.options;
    const committed = await this.offsets.committed(topic, partitions, signal);
    const starts = new Map<number, number>();
    const replaced: number[] = [];
    const missing: number[] = [];
    for (const partition of partitions) {
      const found = committed.get(partition);
      if (!found) {
        missing.push(partition);
      } else if (found.metadata !== '' && found.metadata !== topicId) {
        this.onEvent({ kind: 'topic_replaced', partition, committedOffset: found.offset });
        replaced.push(partition);
      } else {
        starts.set(partition, found.offset);
      }
    }
    const reset = await this.resetOf(missing, partitionCount, signal);
    const made = new Map([
      ...(missing.length ? await this.offsets.logEnds(topic, missing, reset) : []),
      ...(replaced.length ? await this.offsets.logEnds(topic, replaced, 'earliest') : []),
    ]);
    if (made.size > 0) {
      const commits = [...made].map(([partition, offset]) => ({ topic, partition, offset, metadata: topicId }));
      await this.offsets.commit(commits, member);
    }
    return new Map([...starts, ...made]);
  }

  private async resetOf(missing: readonly number[], partitionCount: number, signal: AbortSignal): Promise<LogEnd> {
    const { topic, autoOffsetReset } = this.options;
    if (missing.length === 0 || autoOffsetReset === 'earliest') {
      return 'earliest';
    }
    const all = Array.from({ length: partitionCount }, (_, partition) => partition);
    const committed = await this.offsets.committed(topic, all, signal);
    return committed.size > 0 ? 'earliest' : autoOffsetReset;
  }
}
