import { faultFromCode, KafkaFault, type KafkaFaultKind, toKafkaFault } from './kafka-fault.js';
import type { KafkaWire } from './kafka-wire.js';
import type { PartitionQueue } from './outgoing-batches.js';
import { chooseProduceVersion, produceBatches, type PartitionBatch, type ProducedPartition } from './produce-api.js';
import type { ProducerIdentity } from './record-batch.js';
import { type BatchContent, Sequences } from './sequences.js';

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

/** What is asked of the brokers. */
export interface LeaderWriterPorts {
  wire: Pick<KafkaWire, 'metadata' | 'forgetMetadata' | 'broker' | 'maxVersion'>;
  produce: typeof produceBatches;
}

interface Sent extends PartitionBatch {
  key: string;
  /** Which of the partition's batches in this commit. */
  position: number;
  firstIndex: number;
  count: number;
}

/** What keeps a batch from being written, as the broker told. */
interface Failed {
  sent: Sent;
  fault: KafkaFault;
}

/** The broker has it already, from an earlier attempt. */
const DUPLICATE = 'DUPLICATE_SEQUENCE_NUMBER';

/**
 * Which of several faults is told. Before a refusal come those after which nobody knows what the broker has: the batches
 * have to be sent once more as they were, and what is refused is refused again. Behind it come the sequence errors of the
 * batches that followed it.
 */
const RANK: readonly KafkaFaultKind[] = [
  ...(['fenced', 'authorization', 'refused', 'transient', 'record', 'rebalance', 'fatal'] as const),
];

/**
 * Writes the batches of a commit to their leaders, one batch a partition and request, in order. A commit that is tried
 * again goes on where it was interrupted, when {@link resume} allows it.
 */
export class LeaderWriter {
  private readonly sequences = new Sequences();
  private readonly ports: LeaderWriterPorts;

  constructor(
    wire: LeaderWriterPorts['wire'],
    private readonly options: LeaderWriterOptions,
    produce: LeaderWriterPorts['produce'] = produceBatches,
  ) {
    this.ports = { wire, produce };
  }

  /** A new identity or epoch starts its sequences at zero. */
  reset(): void {
    this.sequences.reset();
  }

  /** What was written belongs to a complete commit. */
  settle(): void {
    this.sequences.settle();
  }

  /** False: these batches can be written under a new identity only, see {@link Sequences}. */
  resume(partitions: readonly PartitionQueue[]): boolean {
    return this.sequences.resume(
      new Map(partitions.map((at) => [keyOf(at), at.writers.map((_, position) => contentOf(at, position))])),
    );
  }

  /** Settles only when nothing is on its way any more: a late answer must not be taken for one of the next attempt. */
  async write(partitions: readonly PartitionQueue[], producer: ProducerIdentity): Promise<void> {
    if (partitions.length === 0) {
      return;
    }
    const { wire } = this.ports;
    const topics = [...new Set(partitions.map((at) => at.topic))];
    const { topics: known } = await wire.metadata(topics);
    const byLeader = Map.groupBy(partitions, (at) => {
      const leader = known.get(at.topic)?.partitions[at.partition]?.leader;
      if (leader === undefined || leader < 0) {
        wire.forgetMetadata();
        throw new KafkaFault(
          'LEADER_NOT_AVAILABLE',
          'transient',
          `${at.topic} partition ${at.partition} has no leader`,
        );
      }
      return leader;
    });
    const written = await Promise.allSettled(
      [...byLeader].map(([leader, list]) => this.writeTo(leader, list, producer)),
    );
    throwFirst(faultsOf(written));
  }

  /**
   * Requests follow each other without waiting, a few at a time: the broker keeps their order on one connection. Outside of
   * a transaction the first batch goes alone: a broker that knows nothing of this producer takes any sequence number, also
   * the second batch's when the first one is refused, and could never take the first one then.
   */
  private async writeTo(
    leader: number,
    partitions: readonly PartitionQueue[],
    producer: ProducerIdentity,
  ): Promise<void> {
    const connection = await this.ports.wire.broker(leader);
    const apiVersion = await chooseProduceVersion(this.ports.wire);
    const { transactionalId, requestTimeoutMs, maxInFlight } = this.options;
    const rounds = Math.max(...partitions.map((at) => at.writers.length));
    for (let round = 0; round < rounds;) {
      const end = Math.min(rounds, round + (round === 0 && transactionalId === null ? 1 : maxInFlight));
      const requests: Promise<Failed[]>[] = [];
      for (; round < end; round++) {
        const sent = partitions.flatMap((at) => this.finish(at, round, producer));
        if (sent.length > 0) {
          const answers = this.ports.produce(connection, apiVersion, transactionalId, requestTimeoutMs, sent);
          requests.push(answers.then((list) => this.check(list, sent)));
        }
      }
      this.conclude(await Promise.allSettled(requests));
    }
  }

  /** Empty when the partition has no such batch, or the broker has acknowledged it before. */
  private finish(at: PartitionQueue, position: number, producer: ProducerIdentity): Sent[] {
    const writer = at.writers[position];
    const key = keyOf(at);
    const sequence = writer && this.sequences.take(key, position, contentOf(at, position));
    if (!writer || sequence === undefined) {
      return [];
    }
    const batch = writer.finish(producer, sequence, this.options.transactionalId !== null);
    const firstIndex = at.firstIndexes[position] ?? 0;
    return [{ topic: at.topic, partition: at.partition, batch, key, position, firstIndex, count: writer.count }];
  }

  /** Takes in the answer for each partition, whatever became of the others. */
  private check(answers: readonly ProducedPartition[], batches: readonly Sent[]): Failed[] {
    return batches.flatMap((sent) => {
      const { topic, partition, key, position, firstIndex, count } = sent;
      const doing = `producing to ${topic} partition ${partition}`;
      const answer = answers.find((one) => one.topic === topic && one.partition === partition);
      if (!answer) {
        return [{ sent, fault: new KafkaFault('NETWORK', 'transient', `Kafka did not answer while ${doing}`) }];
      }
      const fault = answer.errorCode === 0 ? undefined : faultFromCode(answer.errorCode, doing);
      if (!fault || fault.code === DUPLICATE) {
        this.sequences.acknowledge(key, position);
        return [];
      }
      const isRefused = fault.kind === 'record';
      const reason = answer.errorMessage;
      return [
        { sent, fault: isRefused ? new RecordRefused(fault, topic, partition, firstIndex, count, reason) : fault },
      ];
    });
  }

  /** After the last answer of a few requests. The numbers of a refused batch are free only when nothing is left unknown. */
  private conclude(results: readonly PromiseSettledResult<Failed[]>[]): void {
    const told = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    const faults = [...faultsOf(results), ...told.map(({ fault }) => fault)];
    if (faults.some(({ kind }) => kind !== 'record')) {
      this.ports.wire.forgetMetadata();
    }
    if (!faults.some(({ kind }) => kind === 'transient')) {
      for (const { sent } of told.filter((failed) => failed.fault.kind === 'record')) {
        this.sequences.refuse(sent.key, sent.position);
      }
    }
    throwFirst(faults);
  }
}

function keyOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`;
}

function contentOf({ writers, digests }: PartitionQueue, position: number): BatchContent {
  return { count: writers[position]?.count ?? 0, digest: digests[position] ?? 0 };
}

function faultsOf(results: readonly PromiseSettledResult<unknown>[]): KafkaFault[] {
  return results.flatMap((result) =>
    result.status === 'rejected' ? [toKafkaFault(result.reason, 'producing records')] : [],
  );
}

/** Of faults of one kind the earliest. */
function throwFirst(faults: readonly KafkaFault[]): void {
  const [first] = faults.toSorted((one, other) => RANK.indexOf(one.kind) - RANK.indexOf(other.kind));
  if (first) {
    throw first;
  }
}
