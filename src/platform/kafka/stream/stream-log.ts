import type { StreamLogger } from '../../../stream/stream-logger.js';
import type { SourceEvent } from '../source/partition-source.js';
import type { KafkaFault } from '../wire/kafka-fault.js';
import { inOptionNames } from './stream-fault.js';

type Work = 'reading' | 'writing';

/** What a stream tells of Kafka: a fault once when it begins and once when it is over, however often it is met meanwhile. */
export class StreamLog {
  private readonly faults = new Map<Work, string>();

  constructor(
    private readonly logger: StreamLogger,
    private readonly topic: string,
  ) {}

  /** Undefined: it moves again. */
  waiting(work: Work, fault: KafkaFault | undefined): void {
    const before = this.faults.get(work);
    if (fault && fault.code !== before) {
      this.faults.set(work, fault.code);
      this.logger.warn({ code: fault.code, cause: inOptionNames(fault).message }, `${work} waits for Kafka`);
    } else if (!fault && before !== undefined) {
      this.faults.delete(work);
      this.logger.info({ code: before }, `${work} goes on`);
    }
  }

  sourceEvent(event: SourceEvent): void {
    const { topic } = this;
    const { partition } = event;
    switch (event.kind) {
      case 'lost_to_retention': {
        const { fromOffset, toOffset } = event;
        const text = 'records were deleted by retention before they were read';
        this.logger.warn({ topic, partition, fromOffset, toOffset }, text);
        break;
      }
      case 'topic_replaced': {
        const text = 'the input topic was made anew: reading begins at its start';
        this.logger.warn({ topic, partition, offset: event.committedOffset }, text);
        break;
      }
    }
  }
}
