import type { CommitUnit, Replacement } from '../../../platform/kafka/commit/commit-unit.js';
import type { RecordRefused } from '../../../platform/kafka/wire/leader-writer.js';
import type { BatchLimits, OutgoingBatches } from '../../../platform/kafka/wire/outgoing-batches.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { ItemState } from '../batch/item-state.js';
import { TaskFault } from '../task-fault.js';
import type { FlowTracer } from '../trace/flow-tracer.js';
import type { OutgoingEncoder } from './outgoing-encoder.js';

/** Final batches that are committed together. */
export class BatchGroup implements CommitUnit {
  constructor(
    private readonly batches: readonly FlowBatch[],
    private readonly encoder: OutgoingEncoder,
    private readonly errorTopic: string,
    /** Undefined while tracing is off. */
    private readonly tracer: FlowTracer | undefined,
  ) {}

  nextOffsets(): ReadonlyMap<number, number> {
    return new Map(this.batches.flatMap((batch) => [...batch.nextOffsets]));
  }

  topics(): readonly string[] {
    return this.encoder.topicsOf(this.batches);
  }

  encode(limits: BatchLimits): OutgoingBatches {
    return this.encoder.encode(this.batches, limits, Date.now());
  }

  count(): number {
    return this.encoder.count(this.batches);
  }

  /** What is counted later is what this attempt took. */
  seal(): void {
    this.batches.forEach((batch) => batch.seal());
  }

  watch(): ((faultCode?: string) => void) | undefined {
    return this.tracer?.startCommit(this.batches);
  }

  /** An output goes to the error topic instead; what that refuses is cut, once. */
  replace(refused: RecordRefused): Replacement {
    const { topic, partition, firstIndex } = refused;
    const culprit = this.encoder.locate(this.batches, topic, partition, firstIndex);
    if (!culprit) {
      throw refused;
    }
    const { batch, item } = culprit;
    if (topic !== this.errorTopic) {
      batch.settle(item, ItemState.Rejected, {
        code: 'FORWARD_REFUSED',
        reason: refused.message,
        stage: 'forward',
        indexed: true,
      });
      return 'moved';
    }
    if (batch.truncated.has(item)) {
      const text = `${refused.message}: raise max.message.bytes of ${topic}`;
      throw new TaskFault('KAFKA_ERROR_TOPIC_REFUSES', text, false, refused);
    }
    batch.truncated.add(item);
    return 'shortened';
  }
}
