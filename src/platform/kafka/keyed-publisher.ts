import { Partitioners, type Producer } from 'kafkajs';
import { CodedError } from '../../domain/coded-error.js';
import type { Logger } from '../logging/logger.js';
import { Deadline } from './deadline.js';
import { toKafkaError } from './kafka-error.js';
import type { KafkaConnection } from './kafka-connection.js';
import { KafkaSession } from './kafkajs-client.js';
import { KafkajsLog } from './kafkajs-log.js';

const SEND_TIMEOUT_MS = 5000;
const RETRY_PAUSE_MS = 200;
const CLOSE_TIMEOUT_MS = 2000;

export interface KeyedRecord {
  key: string;
  /** Null is a tombstone. */
  value: string | Buffer | null;
  /** Absent: by the key, as Kafka's own clients do. */
  partition?: number;
}

interface ProducerSession {
  session: KafkaSession;
  producer: Producer;
  connected: Promise<void>;
}

/** Writes keyed records with all acknowledgements. Connects with the first send, and again after a fault. */
export class KeyedPublisher {
  private current: ProducerSession | undefined;
  private readonly log: KafkajsLog;
  private isClosed = false;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly logger: Logger,
  ) {
    this.log = new KafkajsLog(logger);
  }

  /**
   * Resolves when all in-sync replicas have the records. Rejects within 5 s: KAFKA_UNAVAILABLE (retryable; the records may
   * or may not be written; nothing is sent any more, but a broker that hangs may yet write what it received before), or
   * KAFKA_ERROR (Kafka refused them). Records of one call keep their order per partition; a retry may write them twice,
   * which keyed state does not mind. Topics are never made by it.
   */
  async send(topic: string, records: readonly KeyedRecord[]): Promise<void> {
    if (records.length === 0) {
      return;
    }
    const deadline = new Deadline(SEND_TIMEOUT_MS);
    for (;;) {
      try {
        await this.attempt(topic, records, deadline);
        this.log.recovered();
        return;
      } catch (error) {
        const fault = toKafkaError(error, `writing to ${topic}`, this.connection.brokers);
        if (fault.code !== 'KAFKA_UNAVAILABLE' || this.isClosed || deadline.remainingMs <= RETRY_PAUSE_MS) {
          throw fault;
        }
      }
      await deadline.pause(RETRY_PAUSE_MS);
    }
  }

  /** Waits for what is being sent, up to 2 s. Later sends are rejected. */
  async close(): Promise<void> {
    this.isClosed = true;
    const { current } = this;
    this.current = undefined;
    if (!current) {
      return;
    }
    try {
      await new Deadline(CLOSE_TIMEOUT_MS).race(current.producer.disconnect());
    } catch (error) {
      this.logger.debug({ err: error }, 'kafka producer did not disconnect by itself');
    } finally {
      current.session.abandon();
    }
  }

  private async attempt(topic: string, records: readonly KeyedRecord[], deadline: Deadline): Promise<void> {
    if (this.isClosed) {
      throw new CodedError('KAFKA_UNAVAILABLE', `the publisher is closed (writing to ${topic})`, { retryable: true });
    }
    const session = (this.current ??= this.open());
    try {
      await deadline.race(session.connected.then(() => produce(session.producer, topic, records, deadline)));
    } catch (error) {
      // After a fault kafkajs gives the next records the sequence numbers of the failed ones. If those were written after
      // all, the broker would take the next for duplicates: acknowledged and dropped. A new producer has a new id.
      this.giveUp(session, error);
      throw session.session.reasonOf(error);
    }
  }

  private open(): ProducerSession {
    const { connection } = this;
    const session = new KafkaSession(
      { ...connection, requestTimeoutMs: Math.min(connection.requestTimeoutMs, SEND_TIMEOUT_MS) },
      this.log,
    );
    const producer = session.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    const connected = producer.connect();
    // Whoever awaits it sees the fault; unawaited, it must not end the process.
    connected.catch(() => undefined);
    return { session, producer, connected };
  }

  private giveUp(failed: ProducerSession, cause: unknown): void {
    if (this.current === failed) {
      this.current = undefined;
    }
    failed.session.abandon(cause);
  }
}

async function produce(
  producer: Producer,
  topic: string,
  records: readonly KeyedRecord[],
  deadline: Deadline,
): Promise<void> {
  if (deadline.isOver) {
    return;
  }
  await producer.send({
    topic,
    acks: -1,
    timeout: deadline.remainingMs,
    messages: records.map(({ key, value, partition }) => ({
      key,
      value,
      ...(partition !== undefined && { partition }),
    })),
  });
}
