import { OutgoingBatches, type BatchLimits } from '../../../platform/kafka/wire/outgoing-batches.js';
import { encodeHeaders } from '../../../platform/kafka/wire/record-headers.js';
import { VarintReader } from '../../../platform/kafka/wire/varint.js';
import type { OutgoingRecord } from '../../../platform/kafka/wire/record-batch.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { ItemState } from '../batch/item-state.js';
import type { ErrorRecordWriter } from '../error-record-writer.js';

export interface OutgoingTopics {
  error: string;
  /** Partitions of a topic; throws when nobody knows the topic. */
  partitionCount(topic: string): number;
}

/** An item of a group of batches, found again. */
export interface Located {
  batch: FlowBatch;
  item: number;
}

type Visitor = (topic: string, partition: number, batch: FlowBatch, item: number) => boolean;

/**
 * Turns final items into what is produced: the annotated document to its output topic, or the original to the error
 * topic. Output partition = input partition modulo the partitions of the output topic, always, so that order holds.
 */
export class OutgoingEncoder {
  private readonly pipelineHeader: Buffer;
  private readonly pipelineAndEncodingHeaders: Buffer;
  private readonly varint = new VarintReader(Buffer.alloc(0));

  constructor(
    pipelineId: string,
    private readonly errors: ErrorRecordWriter,
    private readonly topics: OutgoingTopics,
  ) {
    const pipeline = [Buffer.from('__pipeline_id'), Buffer.from(pipelineId)] as const;
    const encoding = [Buffer.from('__message_encoding'), Buffer.from('invalid-utf8')] as const;
    this.pipelineHeader = encodeHeaders([pipeline]);
    this.pipelineAndEncodingHeaders = encodeHeaders([pipeline, encoding]);
  }

  encode(group: readonly FlowBatch[], limits: BatchLimits, nowMs: number): OutgoingBatches {
    const outgoing = new OutgoingBatches(limits);
    this.walk(group, (topic, partition, batch, item) => {
      const isRejected = batch.state(item) === ItemState.Rejected;
      const record = isRejected ? this.errors.write(batch, item, nowMs) : this.forwarded(batch, item);
      outgoing.add(topic, partition, record, { partition: batch.partition(item), offset: batch.offset(item) });
      return true;
    });
    return outgoing;
  }

  /** The records that `encode` would add now. */
  count(group: readonly FlowBatch[]): number {
    let count = 0;
    this.walk(group, () => ++count > 0);
    return count;
  }

  /** The item that `encode` added as the n-th one of a partition; undefined when there are fewer. */
  locate(group: readonly FlowBatch[], topic: string, partition: number, index: number): Located | undefined {
    let found: Located | undefined;
    let seen = 0;
    this.walk(group, (itemTopic, itemPartition, batch, item) => {
      if (itemTopic === topic && itemPartition === partition && seen++ === index) {
        found = { batch, item };
      }
      return found === undefined;
    });
    return found;
  }

  /** Output topics that the group needs to be known. */
  topicsOf(group: readonly FlowBatch[]): string[] {
    return [...new Set([this.topics.error, ...group.flatMap((batch) => batch.bases.map((base) => base.outputTopic))])];
  }

  private walk(group: readonly FlowBatch[], visit: Visitor): void {
    for (const batch of group) {
      for (let item = 0; item < batch.count; item++) {
        const topic = this.topicOf(batch, item);
        if (topic !== undefined) {
          const partition = batch.partition(item) % this.topics.partitionCount(topic);
          if (!visit(topic, partition, batch, item)) {
            return;
          }
        }
      }
    }
  }

  private topicOf(batch: FlowBatch, item: number): string | undefined {
    const state = batch.state(item);
    switch (state) {
      case ItemState.Indexed:
      case ItemState.Superseded:
        return batch.base(item)?.outputTopic;
      case ItemState.Rejected:
        return this.topics.error;
      case ItemState.Skipped:
      case ItemState.Dropped:
      case ItemState.Lost:
        return undefined;
      case ItemState.Pending:
        throw new Error('an item without an outcome must not reach a commit');
    }
  }

  private forwarded(batch: FlowBatch, item: number): OutgoingRecord {
    const raw = batch.headersToForward(item);
    this.varint.reset(raw, 0);
    const count = this.varint.read();
    const isRecoded = batch.invalidUtf8.has(item);
    return {
      timestamp: batch.timestamp(item),
      key: batch.key(item),
      value: batch.document(item),
      headers: raw.subarray(this.varint.position),
      moreHeaders: isRecoded ? this.pipelineAndEncodingHeaders : this.pipelineHeader,
      headerCount: count + (isRecoded ? 2 : 1),
    };
  }
}
