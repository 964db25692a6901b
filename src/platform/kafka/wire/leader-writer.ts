import { faultFromCode, KafkaFault } from './kafka-fault.js';
import type { KafkaWire } from './kafka-wire.js';
import type { OutgoingBatches } from './outgoing-batches.js';
import { chooseProduceVersion, produceBatches, type PartitionBatch } from './produce-api.js';
import type { ProducerIdentity } from './record-batch.js';
import { Sequences } from './sequences.js';

/** The broker refused a batch because of a record in it (too large, a timestamp out of bounds ...). */
export class RecordRefused extends KafkaFault {
  constructor(
    fault: KafkaFault,
    readonly topic: string,
    readonly partition: number,
    /** Position, in the order of adding, of the first record of the refused batch. */
    readonly firstIndex: number,
    readonly count: number,
    reason: string | null,
  ) {
    super(fault.code, 'record', `${fault.message}${reason ? `: ${reason}` : ''}`);
  }
}

export interface LeaderWriterOptions {
  /** Null: records outside of any transaction. */
  transactionalId: string | null;
  requestTimeoutMs: number;
  /** Batches of one partition that may be on the way at once. */
  maxInFlight: number;
}

interface Sent extends PartitionBatch {
  key: string;
  /** Which of the partition's batches in this commit. */
  position: number;
  firstIndex: number;
  count: number;
}

type PartitionQueue = ReturnType<OutgoingBatches['partitions']>[number];

/** The broker has it already, from an earlier attempt. */
const DUPLICATE = 'DUPLICATE_SEQUENCE_NUMBER';

/**
 * Writes the batches of a commit to their leaders, one batch a partition and request, in order. A commit that is tried
 * again goes on where it was interrupted, as long as its batches are the same ({@link isContinuedBy}).
 */
export class LeaderWriter {
  private readonly sequences = new Sequences();

  constructor(
    private readonly wire: KafkaWire,
    private readonly options: LeaderWriterOptions,
  ) {}

  /** A new identity or epoch starts its sequences at zero. */
  reset(): void {
    this.sequences.reset();
  }

  /** What was written belongs to a complete commit. */
  settle(): void {
    this.sequences.settle();
  }

  isContinuedBy(partitions: readonly PartitionQueue[]): boolean {
    return this.sequences.isContinuedBy(
      new Map(partitions.map((at) => [keyOf(at), at.writers.map((writer) => writer.count)])),
    );
  }

  async write(partitions: readonly PartitionQueue[], producer: ProducerIdentity): Promise<void> {
    if (partitions.length === 0) {
      return;
    }
    const topics = [...new Set(partitions.map((at) => at.topic))];
    const { topics: known } = await this.wire.metadata(topics);
    const byLeader = Map.groupBy(partitions, (at) => {
      const leader = known.get(at.topic)?.partitions[at.partition]?.leader;
      if (leader === undefined || leader < 0) {
        this.wire.forgetMetadata();
        throw new KafkaFault(
          'LEADER_NOT_AVAILABLE',
          'transient',
          `${at.topic} partition ${at.partition} has no leader`,
        );
      }
      return leader;
    });
    await Promise.all([...byLeader].map(([leader, list]) => this.writeTo(leader, list, producer)));
  }

  /** Requests follow each other without waiting, a few at a time: the broker keeps their order on one connection. */
  private async writeTo(
    leader: number,
    partitions: readonly PartitionQueue[],
    producer: ProducerIdentity,
  ): Promise<void> {
    const connection = await this.wire.broker(leader);
    const apiVersion = await chooseProduceVersion(this.wire);
    const { transactionalId, requestTimeoutMs, maxInFlight } = this.options;
    const rounds = Math.max(...partitions.map((at) => at.writers.length));
    for (let start = 0; start < rounds; start += maxInFlight) {
      const requests: Promise<void>[] = [];
      for (let round = start; round < Math.min(rounds, start + maxInFlight); round++) {
        const batches = partitions.flatMap((at) => this.finish(at, round, producer));
        if (batches.length > 0) {
          requests.push(
            produceBatches(connection, apiVersion, transactionalId, requestTimeoutMs, batches).then((answers) =>
              this.check(answers, batches),
            ),
          );
        }
      }
      await settleAll(requests);
    }
  }

  /** Empty when the partition has no such batch, or the broker has acknowledged it before. */
  private finish(at: PartitionQueue, position: number, producer: ProducerIdentity): Sent[] {
    const writer = at.writers[position];
    const key = keyOf(at);
    const sequence = writer && this.sequences.take(key, position, writer.count);
    if (!writer || sequence === undefined) {
      return [];
    }
    const batch = writer.finish(producer, sequence, this.options.transactionalId !== null);
    const firstIndex = at.writers.slice(0, position).reduce((sum, before) => sum + before.count, 0);
    return [{ topic: at.topic, partition: at.partition, batch, key, position, firstIndex, count: writer.count }];
  }

  private check(answers: Awaited<ReturnType<typeof produceBatches>>, batches: readonly Sent[]): void {
    for (const answer of answers) {
      const batch = batches.find((at) => at.topic === answer.topic && at.partition === answer.partition);
      const doing = `producing to ${answer.topic} partition ${answer.partition}`;
      const fault = answer.errorCode === 0 ? undefined : faultFromCode(answer.errorCode, doing);
      if (!fault || fault.code === DUPLICATE) {
        this.sequences.acknowledge(keyOf(answer), batch?.position ?? -1);
        continue;
      }
      if (fault.kind === 'record' && batch) {
        const { topic, partition, firstIndex, count, key, position } = batch;
        this.sequences.refuse(key, position);
        throw new RecordRefused(fault, topic, partition, firstIndex, count, answer.errorMessage);
      }
      this.wire.forgetMetadata();
      throw fault;
    }
  }
}

function keyOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`;
}

/** A refused record tells more than the sequence errors of the batches behind it. */
async function settleAll(requests: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(requests);
  const reasons = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  const first = reasons.find((reason) => reason instanceof RecordRefused) ?? reasons[0];
  if (first !== undefined) {
    throw first as Error;
  }
}
