import type { FlowBatch } from '../flow/batch/flow-batch.js';
import type { SourceEvent } from '../../platform/kafka/source/partition-source.js';
import type { TaskLog } from './thread-log.js';

/** What a run tells of its work: what an operator has to know as a warning, the rest for debugging. Never a record's content. */
export class FlowLog {
  constructor(
    private readonly log: TaskLog,
    /** The input topic. */
    private readonly topic: string,
  ) {}

  sourceEvent(event: SourceEvent): void {
    const { topic } = this;
    const { partition } = event;
    switch (event.kind) {
      case 'lost_to_retention': {
        const { fromOffset: offset, toOffset: nextOffset } = event;
        const records = nextOffset - offset;
        const message = 'records were deleted by retention before they were read';
        this.log('warn', message, { topic, partition, offset, nextOffset, records });
        break;
      }
      case 'topic_replaced': {
        const message = 'the input topic was made anew: reading begins at its start';
        this.log('warn', message, { topic, partition, offset: event.committedOffset });
        break;
      }
    }
  }

  bulk(seconds: number, retriedItems: number): void {
    this.log('debug', 'bulk answered', () => ({ durationMs: toMs(seconds), retriedItems }));
  }

  transaction(seconds: number): void {
    this.log('debug', 'transaction committed', () => ({ durationMs: toMs(seconds) }));
  }

  rejections(batch: FlowBatch): void {
    for (const [item, { code, stage }] of batch.rejections) {
      this.log('debug', 'record rejected', () => ({
        topic: this.topic,
        partition: batch.partition(item),
        offset: batch.offset(item),
        code,
        stage,
      }));
    }
  }
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
