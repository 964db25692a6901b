import type { ClusterMetadata, Connection } from '@platformatic/kafka';
import { protocolErrorsCodesById } from '@platformatic/kafka';
import { KafkaFault } from '../../src/platform/kafka/wire/kafka-fault.js';
import type { LeaderWriterPorts } from '../../src/platform/kafka/wire/leader-writer.js';
import type { PartitionBatch, ProducedPartition } from '../../src/platform/kafka/wire/produce-api.js';
import { RecordCursor } from '../../src/platform/kafka/wire/record-cursor.js';
import { drain } from './record-batches.js';

/** What becomes of one produce request, for each of its partitions. */
export type Act =
  | { kind: 'take' }
  /** The leader answers with this error; of one partition when one is named. */
  | { kind: 'answer'; error: string; isAppended?: boolean; partition?: number }
  /** It appends, and the answer is lost. */
  | { kind: 'lose_answer' }
  /** The request is lost. */
  | { kind: 'lose_request' };

interface Appended {
  sequence: number;
  count: number;
}

interface ProducerState {
  lastSequence: number;
  /** The newest batches, of which a leader knows one again. */
  remembered: Appended[];
}

const REMEMBERED = 5;
const codeOf = (name: string) => Number(Object.entries(protocolErrorsCodesById).find(([, each]) => each === name)?.[0]);

/**
 * The leaders of partitions, as an idempotent producer meets them: each knows the last five batches of a producer again,
 * refuses one out of order, and takes any from a producer that it has never met. Partitions belong to leaders by turns.
 */
export class ScriptedLeaders {
  /** `topic/partition` → values in the order of the log. */
  readonly log = new Map<string, string[]>();
  /** Taken one by one, request by request; then everything is taken. */
  acts: Act[] = [];
  identities = 0;
  /** Values that no leader takes. */
  refuses: (topic: string, value: string) => boolean = () => false;
  private readonly states = new Map<string, ProducerState>();

  constructor(private readonly leaders = 1) {}

  readonly wire = {
    metadata: (topics: string[]) => Promise.resolve(this.metadataOf(topics)),
    forgetMetadata: () => undefined,
    broker: (nodeId: number) => Promise.resolve({ nodeId } as unknown as Connection),
    anyBroker: () =>
      Promise.resolve({ send: (...call: unknown[]) => this.giveIdentity(call) } as unknown as Connection),
    maxVersion: () => Promise.resolve(11),
  };

  readonly produce: LeaderWriterPorts['produce'] = async (_connection, _version, _id, _timeoutMs, batches) => {
    const act = this.acts.shift() ?? { kind: 'take' };
    if (act.kind === 'lose_request') {
      throw new KafkaFault('NETWORK', 'transient', 'the request was lost');
    }
    const answers = batches.map((batch) => this.answer(batch, act));
    // Answers come in a later turn, those of several leaders in any order.
    await new Promise((resolve) => setImmediate(resolve));
    if (act.kind === 'lose_answer') {
      throw new KafkaFault('NETWORK', 'transient', 'the answer was lost');
    }
    return answers;
  };

  /** Forgets a producer, as a leader does whose records of it are gone. */
  forget(): void {
    this.states.clear();
  }

  /** The only other question that the producer asks of a broker: who it is. */
  private giveIdentity(call: unknown[]): void {
    const answer = call.at(-1) as (error: null, identity: object) => void;
    answer(null, { producerId: BigInt(++this.identities), producerEpoch: 0 });
  }

  private answer(batch: PartitionBatch, act: Act): ProducedPartition {
    const { topic, partition } = batch;
    const isConcerned = act.kind === 'answer' && (act.partition === undefined || act.partition === partition);
    const found = isConcerned && !act.isAppended ? undefined : this.append(batch);
    const error = isConcerned ? (found ?? act.error) : found;
    return { topic, partition, errorCode: error === undefined ? 0 : codeOf(error), errorMessage: null };
  }

  /** As Kafka's ProducerStateManager decides; undefined when the batch is in the log afterwards. */
  private append({ topic, partition, batch }: PartitionBatch): string | undefined {
    const values = drain(new RecordCursor(batch, 0, [], { maxDecompressedBytes: 0 })).map(({ value }) => value ?? '');
    if (values.some((value) => this.refuses(topic, value))) {
      return 'MESSAGE_TOO_LARGE';
    }
    const sequence = batch.readInt32BE(53);
    const key = `${topic}/${partition}/${batch.readBigInt64BE(43)}`;
    const state = this.states.get(key);
    if (state?.remembered.some((known) => known.sequence === sequence && known.count === values.length)) {
      return undefined;
    }
    if (state && sequence !== state.lastSequence + 1) {
      return 'OUT_OF_ORDER_SEQUENCE_NUMBER';
    }
    const remembered = [...(state?.remembered ?? []), { sequence, count: values.length }].slice(-REMEMBERED);
    this.states.set(key, { lastSequence: sequence + values.length - 1, remembered });
    const name = `${topic}/${partition}`;
    this.log.set(name, [...(this.log.get(name) ?? []), ...values]);
    return undefined;
  }

  private metadataOf(topics: string[]): ClusterMetadata {
    const partitions = Array.from({ length: 8 }, (_, partition) => ({ leader: partition % this.leaders }));
    return { topics: new Map(topics.map((topic) => [topic, { partitions }])) } as unknown as ClusterMetadata;
  }
}
