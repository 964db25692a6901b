import { initProducerIdV4 } from '@platformatic/kafka';
import type { CommitProducer, GroupMember, OffsetCommit } from './commit-producer.js';
import type { GroupOffsets } from './group-offsets.js';
import { KafkaFault, toKafkaFault } from './kafka-fault.js';
import type { KafkaWire } from './kafka-wire.js';
import { LeaderWriter, type LeaderWriterPorts } from './leader-writer.js';
import type { OutgoingBatches } from './outgoing-batches.js';
import type { ProducerIdentity } from './record-batch.js';

/** As many batches of a partition as the broker remembers, so that it knows each one again that is sent twice. */
const MAX_IN_FLIGHT = 5;
/** Without a transactional id the time-out of transactions means nothing. */
const NO_TRANSACTION_MS = 0;
/** The broker has forgotten the producer, or lost count of it: only a new identity goes on. */
const LOST_IDENTITY: ReadonlySet<string> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_ID_MAPPING',
  'INVALID_PRODUCER_EPOCH',
]);

/**
 * At least once: the records first, acknowledged by all replicas, then the offsets. What a commit that failed has written is
 * not written again as long as this producer tries again and holds the same records. It is after a crash, when partitions were
 * lost meanwhile, or when the broker has forgotten the producer. It fences nobody.
 */
export class IdempotentProducer implements CommitProducer {
  private identity: ProducerIdentity = { id: -1n, epoch: -1 };
  private readonly writer: LeaderWriter;
  private isIdentityLost = false;
  /** True when the last commit failed after its offsets were sent. */
  isOutcomeUnknown = false;

  constructor(
    private readonly wire: Pick<KafkaWire, 'anyBroker'> & LeaderWriterPorts['wire'],
    private readonly offsets: Pick<GroupOffsets, 'commit'>,
    { requestTimeoutMs }: { requestTimeoutMs: number },
    produce?: LeaderWriterPorts['produce'],
  ) {
    const options = { transactionalId: null, requestTimeoutMs, maxInFlight: MAX_IN_FLIGHT };
    this.writer = new LeaderWriter(wire, options, produce);
  }

  async initialise(): Promise<void> {
    try {
      const connection = await this.wire.anyBroker();
      const answer = await initProducerIdV4.api.async(connection, null, NO_TRANSACTION_MS, -1n, -1);
      this.identity = { id: answer.producerId, epoch: answer.producerEpoch };
    } catch (error) {
      throw toKafkaFault(error, 'asking for a producer id');
    }
    this.writer.reset();
    this.isIdentityLost = false;
  }

  /** Keeps the identity if it can: by it the broker knows what it has already. */
  async recover(): Promise<void> {
    if (this.isIdentityLost) {
      await this.initialise();
    }
  }

  async commit(batches: OutgoingBatches, offsets: readonly OffsetCommit[], member: GroupMember): Promise<void> {
    this.isOutcomeUnknown = false;
    const partitions = batches.partitions();
    if (!this.writer.resume(partitions)) {
      await this.initialise();
    }
    try {
      await this.writer.write(partitions, this.identity);
    } catch (error) {
      throw this.noted(toKafkaFault(error, 'writing records'));
    }
    this.isOutcomeUnknown = true;
    await this.offsets.commit(offsets, member);
    this.isOutcomeUnknown = false;
    this.writer.settle();
  }

  confirm(): void {
    this.writer.settle();
  }

  private noted(fault: KafkaFault): KafkaFault {
    if (!LOST_IDENTITY.has(fault.code)) {
      return fault;
    }
    this.isIdentityLost = true;
    return new KafkaFault(fault.code, 'transient', fault.message, fault);
  }
}
