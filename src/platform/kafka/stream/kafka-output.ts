import type { KafkaMessage } from './kafka-message.js';

export type Bytes = string | Uint8Array;

/** A record to write. Texts are written as UTF-8. */
export interface KafkaOutput {
  /** Null is a tombstone. */
  readonly value: Bytes | null;
  /**
   * Records of one key go to one partition, the one that other Kafka clients choose. Without a key the partition follows
   * that of the message.
   */
  readonly key?: Bytes | null;
  readonly headers?: Readonly<Record<string, Bytes>>;
  /** Epoch ms; left out: that of the message. */
  readonly timestamp?: number;
}

/** An output, the topic it goes to, and the message that it was made of. */
export interface KafkaDelivery extends KafkaOutput {
  readonly topic: string;
  readonly message: KafkaMessage;
}
