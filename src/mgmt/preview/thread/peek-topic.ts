import { CodedError } from '../../../domain/coded-error.js';
import { KafkaFault } from '../../../platform/kafka/wire/kafka-fault.js';
import { type Peeked, TopicPeek, type TopicPeekOptions } from '../../../platform/kafka/wire/topic-peek.js';
import type { RecordSource } from './preview-job.js';

/** The newest records of the topic. Rejects with KAFKA_UNAVAILABLE or KAFKA_ERROR, as the control plane does. */
export async function peekTopic(
  { connection, topic, last }: Extract<RecordSource, { kind: 'peek' }>,
  options: TopicPeekOptions,
): Promise<Peeked> {
  try {
    return await new TopicPeek(connection, topic, options).newest(last);
  } catch (error) {
    if (error instanceof KafkaFault) {
      const code = error.kind === 'transient' ? 'KAFKA_UNAVAILABLE' : 'KAFKA_ERROR';
      throw new CodedError(code, error.message, { cause: error });
    }
    throw error;
  }
}
