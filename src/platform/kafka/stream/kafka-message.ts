import { readHeaders } from '../wire/record-headers.js';

/** A header of a record; names may come more than once, and a value may be null. */
export type KafkaHeader = readonly [name: string, value: Buffer | null];

interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/**
 * A record of the input topic, as a {@link KafkaSource} dispatches it. Key, value and headers are views of what was
 * fetched, not copies: they must not be changed, and what keeps them for long keeps the whole answer of the broker.
 * Outputs are written for this very object, not for a copy of it.
 */
export class KafkaMessage implements RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  /** Null is a tombstone. */
  readonly value: Buffer | null;
  readonly #bytes: Buffer;
  readonly #headersStart: number;

  /** @param bytes where the record lies, and `headersStart` where the count of its headers stands in them */
  constructor(place: RecordPlace, bytes: Buffer, headersStart: number) {
    this.topic = place.topic;
    this.partition = place.partition;
    this.offset = place.offset;
    this.timestamp = place.timestamp;
    this.key = place.key;
    this.value = place.value;
    this.#bytes = bytes;
    this.#headersStart = headersStart;
  }

  /** In their order; read anew at each call. */
  get headers(): KafkaHeader[] {
    return readHeaders(this.#bytes, this.#headersStart).map(([name, value]) => [name.toString(), value]);
  }
}
