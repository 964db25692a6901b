import type { Sink } from '../../../stream/sink.js';
import type { FailedMessage } from '../../../stream/stream-app-options.js';
import type { ErrorRecords } from './error-records.js';
import type { KafkaMessage } from './kafka-message.js';
import type { MessageLedger } from './message-ledger.js';

/**
 * Writes failed messages to the error topic: key, value and headers as they were, and headers that say why (`__error_code`,
 * `__error_reason`, `__error_is_bug`, `__error_time`, `__source_topic`, `__source_partition`, `__source_offset`,
 * `__source_timestamp`, and the names that Kafka Connect uses). Written like an output: with the message's offset.
 */
export class KafkaErrorSink implements Sink<FailedMessage<KafkaMessage>> {
  constructor(
    private readonly ledger: MessageLedger,
    private readonly errors: ErrorRecords,
  ) {}

  send({ message, error, isBug }: FailedMessage<KafkaMessage>): Promise<void> {
    return new Promise((resolve) =>
      resolve(this.ledger.setErrorRecord(message, this.errors.recordOf(message, error, isBug))),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
