import type { Sink } from '../../../stream/sink.js';
import { encodeOutput } from './encoded-output.js';
import type { KafkaDelivery } from './kafka-output.js';
import type { MessageLedger } from './message-ledger.js';

/**
 * Writes to Kafka what was made of the messages of a {@link KafkaSource}. An output is written when its message has
 * settled, and the message's offset is committed only once that is acknowledged (with `transactional`, in the same
 * transaction). So outputs of one input partition leave in the order of their messages, however many are worked on at the
 * same time, and those of a message that fails are not written at all.
 */
export class KafkaSink implements Sink<KafkaDelivery> {
  constructor(private readonly ledger: MessageLedger) {}

  /**
   * Resolves at once: the output is kept until its message settles. Throws when it cannot be written (no bytes, no
   * message of this stream, or one that has settled already).
   */
  send(delivery: KafkaDelivery): Promise<void> {
    return new Promise((resolve) => resolve(this.keep(delivery)));
  }

  /** As `send`, without a promise. */
  keep({ topic, message, ...output }: KafkaDelivery): void {
    this.ledger.addOutput(message, encodeOutput(topic, output, message));
  }

  /** Nothing to wait for: the source makes lasting what was settled when it is closed. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
