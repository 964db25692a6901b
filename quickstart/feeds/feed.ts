import type { ProducedRecord, RecordProducer } from '../kafka/record-producer.ts';
import type { RunningPipeline } from '../pipelines.ts';
import type { LogTail } from './log-tail.ts';
import type { RecordSplitter } from './record-splitter.ts';

/** A record that was fed, and what has to become of it. */
export interface FedRecord extends ProducedRecord {
  /** Code of the rejection that it has to meet; undefined for a record that has to be indexed. */
  rejection: string | undefined;
}

export interface FeedOptions {
  pipeline: RunningPipeline;
  tail: LogTail;
  splitter: RecordSplitter;
  producer: RecordProducer;
  /** It stops after so many records, and remembers each; undefined for a feed that goes on and on. */
  limit: number | undefined;
}

/** Carries what is written to a log into the input topic of a pipeline. */
export class Feed {
  readonly pipeline: RunningPipeline;
  /** What a limited feed has sent; empty for one without a limit. */
  readonly sent: FedRecord[] = [];
  readonly #options: FeedOptions;
  #left: number;
  #unsent: Buffer[] = [];

  constructor(options: FeedOptions) {
    this.pipeline = options.pipeline;
    this.#options = options;
    this.#left = options.limit ?? Infinity;
  }

  /**
   * Sends what is new. Returns how many lines there were: none means that the log has come to its end for now. What it
   * could not send comes again with the next call.
   */
  async pump(): Promise<number> {
    if (this.#left <= 0) return 0;
    const { tail, splitter, producer, limit } = this.#options;
    const lines = this.#unsent.length > 0 ? [] : await tail.next();
    this.#unsent.push(...lines.flatMap((line) => splitter(line) ?? []).slice(0, this.#left));
    const values = this.#unsent;
    if (values.length === 0) return lines.length;
    const produced = await producer.send(this.pipeline.inputTopic, values);
    this.#unsent = [];
    this.#left -= values.length;
    if (limit !== undefined) this.sent.push(...produced.map((record) => ({ ...record, rejection: undefined })));
    return Math.max(lines.length, values.length);
  }
}
