import { CodedError } from '../../domain/coded-error.js';
import { findConnectionFault, type ConnectionFault } from './connection-fault.js';
import { DeadlineExceeded } from './deadline.js';

/** Fields of kafkajs' errors, in the depth where they were thrown. */
interface KafkajsError extends Error {
  /** Protocol name, such as TOPIC_ALREADY_EXISTS. */
  type?: string;
  retriable?: boolean;
  /** Of an aggregate. */
  errors?: unknown[];
  /** Of a refused group deletion. */
  groups?: { groupId: string; error?: unknown }[];
}

/** Kafka, the coordinator or a leader is away: the same call may succeed soon. */
const AWAY: ReadonlySet<string> = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSTimeout',
  'KafkaJSLockTimeout',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  // kafkajs reads a property of null when a metadata request failed on each broker that it knew.
  'TypeError',
]);
/** A plain error of kafkajs, when a broker took the connection and then said nothing. */
const BROKER_NOT_CONNECTED = 'Broker not connected';
const AWAY_TYPES: ReadonlySet<string> = new Set(['BROKER_NOT_AVAILABLE']);

/**
 * What a caller gets of a fault of kafkajs: KAFKA_UNAVAILABLE (retryable: nobody answered, or not yet) or KAFKA_ERROR (Kafka
 * answered, and no, or a setting keeps us from talking to it; `details.type` has the protocol name, or the code of the
 * connection fault). A CodedError stays itself.
 */
export function toKafkaError(error: unknown, doing: string, brokers: readonly string[]): CodedError {
  if (error instanceof CodedError) {
    return error;
  }
  const fault = findConnectionFault(error);
  if (fault) {
    return ofConnection(fault, doing, brokers, error);
  }
  const origin = originOf(error);
  const type = kafkaErrorType(error);
  if (isAway(origin, type)) {
    return new CodedError('KAFKA_UNAVAILABLE', `Kafka did not answer while ${doing}: ${origin.message}`, {
      retryable: true,
      details: { brokers, ...(type && { type }) },
      cause: error,
    });
  }
  const text = type ? `${origin.message} (${type})` : origin.message;
  return new CodedError('KAFKA_ERROR', `Kafka refused while ${doing}: ${text}`, {
    details: { ...(type && { type }) },
    cause: error,
  });
}

function ofConnection(fault: ConnectionFault, doing: string, brokers: readonly string[], cause: unknown): CodedError {
  return new CodedError(
    fault.isPassing ? 'KAFKA_UNAVAILABLE' : 'KAFKA_ERROR',
    `No connection to Kafka while ${doing}: ${fault.text}`,
    {
      retryable: fault.isPassing,
      details: { brokers, type: fault.code },
      cause,
    },
  );
}

/** The protocol name of Kafka's answer, such as UNKNOWN_TOPIC_OR_PARTITION; undefined when Kafka did not answer. */
export function kafkaErrorType(error: unknown): string | undefined {
  return error instanceof CodedError
    ? (error.details as { type?: string } | undefined)?.type
    : (originOf(error) as KafkajsError).type;
}

function isAway(origin: Error, type: string | undefined): boolean {
  if (origin instanceof DeadlineExceeded || AWAY.has(origin.name) || origin.message === BROKER_NOT_CONNECTED) {
    return true;
  }
  // A topic that does not exist is "retriable" for kafkajs, but waiting does not make it.
  return (
    type !== undefined &&
    type !== 'UNKNOWN_TOPIC_OR_PARTITION' &&
    (AWAY_TYPES.has(type) || (origin as KafkajsError).retriable === true)
  );
}

/** kafkajs wraps: retries exceeded, non-retriable, aggregate, group deletion. What was thrown first says most. */
function originOf(error: unknown): Error {
  let current = toError(error);
  for (;;) {
    const { cause, errors, groups } = current as KafkajsError;
    const inner = cause ?? errors?.[0] ?? groups?.[0]?.error;
    if (!(inner instanceof Error) || inner === current) {
      return current;
    }
    current = inner;
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
