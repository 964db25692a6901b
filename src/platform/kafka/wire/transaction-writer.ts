import { chooseProduceVersion, produceBatches, type PartitionBatch } from './produce-api.js';
import { faultFromCode, KafkaFault } from './kafka-fault.js';
import type { KafkaWire } from './kafka-wire.js';
import type { OutgoingBatches } from './outgoing-batches.js';
import type { ProducerIdentity, RecordBatchWriter } from './record-batch.js';

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

export interface TransactionWriterOptions {
  transactionalId: string;
  requestTimeoutMs: number;
}

interface Sent extends PartitionBatch {
  firstIndex: number;
  count: number;
}

type PartitionQueue = ReturnType<OutgoingBatches['partitions']>[number];

/** Writes the batches of a transaction to their leaders, one batch a partition and request, in order. */
export class TransactionWriter {
  private readonly sequences = new Map<string, number>();

  constructor(
    private readonly wire: KafkaWire,
    private readonly options: TransactionWriterOptions,
  ) {}

  /** A new epoch starts its sequences at zero. */
  resetSequences(): void {
    this.sequences.clear();
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

  /** Requests follow each other without waiting: the broker keeps their order on one connection. */
  private async writeTo(
    leader: number,
    partitions: readonly PartitionQueue[],
    producer: ProducerIdentity,
  ): Promise<void> {
    const connection = await this.wire.broker(leader);
    const apiVersion = await chooseProduceVersion(this.wire);
    const sent = partitions.map((at) => this.finish(at, producer));
    const rounds = Math.max(...sent.map((list) => list.length));
    const requests: Promise<void>[] = [];
    for (let round = 0; round < rounds; round++) {
      const batches = sent.map((list) => list[round]).filter((batch) => batch !== undefined);
      const { transactionalId, requestTimeoutMs } = this.options;
      requests.push(
        produceBatches(connection, apiVersion, transactionalId, requestTimeoutMs, batches).then((answers) =>
          this.check(answers, batches),
        ),
      );
    }
    await settle(requests);
  }

  private finish(at: PartitionQueue, producer: ProducerIdentity): Sent[] {
    let firstIndex = 0;
    return at.writers.map((writer: RecordBatchWriter) => {
      const key = `${at.topic}/${at.partition}`;
      const sequence = this.sequences.get(key) ?? 0;
      this.sequences.set(key, (sequence + writer.count) % 0x80000000);
      const batch = writer.finish(producer, sequence, true);
      const sent = { topic: at.topic, partition: at.partition, batch, firstIndex, count: writer.count };
      firstIndex += writer.count;
      return sent;
    });
  }

  private check(answers: Awaited<ReturnType<typeof produceBatches>>, batches: readonly Sent[]): void {
    for (const answer of answers) {
      if (answer.errorCode === 0) {
        continue;
      }
      const fault = faultFromCode(answer.errorCode, `producing to ${answer.topic} partition ${answer.partition}`);
      const batch = batches.find((at) => at.topic === answer.topic && at.partition === answer.partition);
      if (fault.kind === 'record' && batch) {
        const { topic, partition, firstIndex, count } = batch;
        throw new RecordRefused(fault, topic, partition, firstIndex, count, answer.errorMessage);
      }
      this.wire.forgetMetadata();
      throw fault;
    }
  }
}

/** A refused record tells more than the sequence errors of the batches behind it. */
async function settle(requests: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(requests);
  const reasons = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  const first = reasons.find((reason) => reason instanceof RecordRefused) ?? reasons[0];
  if (first !== undefined) {
    throw first as Error;
  }
}
