import {
  addOffsetsToTxnV3,
  addPartitionsToTxnV3,
  endTxnV3,
  initProducerIdV4,
  txnOffsetCommitV3,
  type Connection,
} from '@platformatic/kafka';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommitProducer, GroupMember, OffsetCommit } from './commit-producer.js';
import type { KafkaFault } from './kafka-fault.js';
import { toKafkaFault } from './kafka-fault.js';
import type { KafkaWire } from './kafka-wire.js';
import { offsetsByTopic } from './offsets-by-topic.js';
import type { OutgoingBatches } from './outgoing-batches.js';
import type { ProducerIdentity } from './record-batch.js';
import { LeaderWriter } from './leader-writer.js';

export interface TransactionalProducerOptions {
  transactionalId: string;
  /** The broker aborts a transaction that stays open longer. */
  transactionTimeoutMs: number;
  requestTimeoutMs: number;
}

/** Kafka answers CONCURRENT_TRANSACTIONS for some ms after a commit; the client's own delays would crawl. */
const CONCURRENT_DELAY_MS = 5;
const CONCURRENT_ATTEMPTS = 2000;

/**
 * One transactional id. A commit writes records and offsets in one transaction, or nothing of them.
 *
 * After a commit threw, call `recover` before the next one: it aborts what is open. When the fault came after the end of
 * the transaction was asked for (`isOutcomeUnknown`), the offsets of the group tell whether it took place. A fault of
 * kind `fenced` means that another holder of the id exists: this producer has to end. One call at a time.
 */
export class TransactionalProducer implements CommitProducer {
  private identity: ProducerIdentity = { id: -1n, epoch: -1 };
  private readonly writer: LeaderWriter;
  /** True when the last commit failed after its end was asked for. */
  isOutcomeUnknown = false;

  constructor(
    private readonly wire: KafkaWire,
    private readonly options: TransactionalProducerOptions,
  ) {
    this.writer = new LeaderWriter(wire, { ...options, maxInFlight: Infinity });
  }

  /** Fences older holders of the id, and aborts or finishes what they left open. */
  async initialise(): Promise<void> {
    this.identity = { id: -1n, epoch: -1 };
    await this.bumpEpoch();
  }

  /** The same, but refused (kind `fenced`) when somebody else took the id over meanwhile. */
  async recover(): Promise<void> {
    await this.bumpEpoch();
  }

  /** Resolves when everything is committed. `offsets` are for the group of `member`. */
  async commit(batches: OutgoingBatches, offsets: readonly OffsetCommit[], member: GroupMember): Promise<void> {
    this.isOutcomeUnknown = false;
    const partitions = batches.partitions();
    if (partitions.length > 0) {
      const topics = [...Map.groupBy(partitions, (at) => at.topic)].map(([name, list]) => ({
        name,
        partitions: list.map((at) => at.partition),
      }));
      const transaction = { ...this.names(), verifyOnly: false, topics };
      await this.onCoordinator('adding partitions to the transaction', (connection) =>
        addPartitionsToTxnV3.api.async(connection, [transaction]),
      );
    }
    await settleAll([this.writer.write(partitions, this.identity), this.commitOffsets(offsets, member)]);
    this.isOutcomeUnknown = true;
    await this.end(true);
    this.isOutcomeUnknown = false;
    this.writer.settle();
  }

  /** Nothing to do: each epoch begins anew. */
  confirm(): void {}

  private async commitOffsets(offsets: readonly OffsetCommit[], member: GroupMember): Promise<void> {
    const { transactionalId } = this.options;
    const { id, epoch } = this.identity;
    await this.onCoordinator('adding offsets to the transaction', (connection) =>
      addOffsetsToTxnV3.api.async(connection, transactionalId, id, epoch, member.groupId),
    );
    const topics = offsetsByTopic(offsets);
    const doing = `committing offsets of group ${member.groupId}`;
    await this.retryConcurrent(doing, async () => {
      const connection = await this.wire.coordinator('group', member.groupId);
      await txnOffsetCommitV3.api.async(
        connection,
        transactionalId,
        member.groupId,
        id,
        epoch,
        member.generationId,
        member.memberId,
        null,
        topics,
      );
    }).catch((error: unknown) => {
      this.wire.forgetCoordinator('group', member.groupId);
      throw error;
    });
  }

  private async end(isCommit: boolean): Promise<void> {
    const { id, epoch } = this.identity;
    await this.onCoordinator(isCommit ? 'committing the transaction' : 'aborting the transaction', (connection) =>
      endTxnV3.api.async(connection, this.options.transactionalId, id, epoch, isCommit),
    );
  }

  private async bumpEpoch(): Promise<void> {
    const { transactionalId, transactionTimeoutMs } = this.options;
    const { id, epoch } = this.identity;
    const answer = await this.onCoordinator('initialising the transactional id', (connection) =>
      initProducerIdV4.api.async(connection, transactionalId, transactionTimeoutMs, id, epoch),
    );
    this.identity = { id: answer.producerId, epoch: answer.producerEpoch };
    this.writer.reset();
  }

  private names(): { transactionalId: string; producerId: bigint; producerEpoch: number } {
    const { id, epoch } = this.identity;
    return { transactionalId: this.options.transactionalId, producerId: id, producerEpoch: epoch };
  }

  /** Calls the coordinator of the transactional id; a fault makes the next call look it up again. */
  private async onCoordinator<T>(doing: string, call: (connection: Connection) => Promise<T>): Promise<T> {
    const { transactionalId } = this.options;
    try {
      return await this.retryConcurrent(doing, async () =>
        call(await this.wire.coordinator('transaction', transactionalId)),
      );
    } catch (error) {
      this.wire.forgetCoordinator('transaction', transactionalId);
      throw error;
    }
  }

  private async retryConcurrent<T>(doing: string, call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        const fault = toKafkaFault(error, doing);
        if (fault.code !== 'CONCURRENT_TRANSACTIONS' || attempt >= CONCURRENT_ATTEMPTS) {
          throw fault;
        }
        await delay(CONCURRENT_DELAY_MS);
      }
    }
  }
}

/** Waits for all, so that nothing of a failed transaction is still under way; throws what tells most. */
async function settleAll(calls: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(calls);
  const faults = results
    .filter((result) => result.status === 'rejected')
    .map((result) => toKafkaFault(result.reason, 'writing the transaction'));
  const rank = ['fenced', 'refused', 'authorization', 'rebalance', 'record', 'fatal', 'transient'];
  faults.sort((a: KafkaFault, b: KafkaFault) => rank.indexOf(a.kind) - rank.indexOf(b.kind));
  if (faults[0]) {
    throw faults[0];
  }
}
