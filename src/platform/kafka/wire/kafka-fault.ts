import { findErrorBy, protocolErrorsCodesById } from '@platformatic/kafka';
import { CodedError } from '../../../domain/coded-error.js';
import { findConnectionFault, type ConnectionFault } from '../connection-fault.js';

/** What a caller may do about a fault of Kafka. */
export type KafkaFaultKind =
  /** The broker, coordinator or leader is away or has moved: wait, refresh, try again. */
  | 'transient'
  /** The group moved on: rejoin, keep what is still held, build the commit again. */
  | 'rebalance'
  /** Another holder of the transactional id exists: end. */
  | 'fenced'
  /** The broker does not let us do this: an operator has to give rights. */
  | 'authorization'
  /** No connection comes about, though somebody answers: an operator has to mend settings, certificates or the user. */
  | 'refused'
  /** The record, not the broker, is the fault: find the culprit. */
  | 'record'
  /** Anything else. */
  | 'fatal';

const kinds: Readonly<Record<string, KafkaFaultKind>> = {
  ILLEGAL_GENERATION: 'rebalance',
  UNKNOWN_MEMBER_ID: 'rebalance',
  REBALANCE_IN_PROGRESS: 'rebalance',
  FENCED_INSTANCE_ID: 'fenced',
  INVALID_PRODUCER_EPOCH: 'fenced',
  PRODUCER_FENCED: 'fenced',
  MESSAGE_TOO_LARGE: 'record',
  RECORD_LIST_TOO_LARGE: 'record',
  INVALID_TIMESTAMP: 'record',
  INVALID_RECORD: 'record',
  TOPIC_AUTHORIZATION_FAILED: 'authorization',
  GROUP_AUTHORIZATION_FAILED: 'authorization',
  CLUSTER_AUTHORIZATION_FAILED: 'authorization',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'authorization',
  SASL_AUTHENTICATION_FAILED: 'refused',
  UNSUPPORTED_SASL_MECHANISM: 'refused',
  ILLEGAL_SASL_STATE: 'refused',
};

const transientCodes: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'REQUEST_TIMED_OUT',
  'BROKER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'CONCURRENT_TRANSACTIONS',
  'TRANSACTION_COORDINATOR_FENCED',
  'KAFKA_STORAGE_ERROR',
  'UNSTABLE_OFFSET_COMMIT',
  'OFFSET_NOT_AVAILABLE',
  'THROTTLING_QUOTA_EXCEEDED',
  'FETCH_SESSION_ID_NOT_FOUND',
  'INVALID_FETCH_SESSION_EPOCH',
]);

const UNKNOWN_TOPIC_OR_PARTITION = 3;
/** So the client's metadata call says that a topic does not exist: as a mistake of its user, without the protocol's code. */
const UNKNOWN_TOPIC = /^Unknown topic /;

/** A fault of Kafka with its protocol name, that of a connection fault, or NETWORK as the code. */
export class KafkaFault extends CodedError {
  readonly kind: KafkaFaultKind;

  constructor(code: string, kind: KafkaFaultKind, message: string, cause?: unknown) {
    super(code, message, { cause, retryable: kind === 'transient' || kind === 'rebalance' });
    this.kind = kind;
  }
}

export function faultFromCode(errorCode: number, doing: string): KafkaFault {
  const name = protocolErrorsCodesById[errorCode] ?? `UNKNOWN_${errorCode}`;
  return new KafkaFault(name, kindOf(name), `Kafka answered ${name} while ${doing}`);
}

/** Turns whatever the client threw into a {@link KafkaFault}; one that is already there stays itself. */
export function toKafkaFault(error: unknown, doing: string): KafkaFault {
  if (error instanceof KafkaFault) {
    return error;
  }
  const refusal = findConnectionFault(error);
  if (refusal) {
    return connectionRefused(refusal, doing, error);
  }
  const name = protocolNameOf(error);
  if (name) {
    return new KafkaFault(name, kindOf(name), `Kafka answered ${name} while ${doing}`, error);
  }
  const text = error instanceof Error ? error.message : String(error);
  if (UNKNOWN_TOPIC.test(text)) {
    return faultFromCode(UNKNOWN_TOPIC_OR_PARTITION, doing);
  }
  const network = ['PLT_KFK_NETWORK', 'PLT_KFK_TIMEOUT', 'PLT_KFK_MULTIPLE'].some(
    (code) => error instanceof Error && findErrorBy(error, 'code', code),
  );
  return network
    ? new KafkaFault('NETWORK', 'transient', `Kafka did not answer while ${doing}: ${reasonsOf(error)}`, error)
    : new KafkaFault('UNEXPECTED', 'fatal', `${text} (while ${doing})`, error);
}

/** No connection came about. */
export function connectionRefused(fault: ConnectionFault, doing: string, cause: unknown): KafkaFault {
  const kind = fault.isPassing ? 'transient' : 'refused';
  return new KafkaFault(fault.code, kind, `No connection to Kafka while ${doing}: ${fault.text}`, cause);
}

/** What the client says, and what lay under it, which has the address: it gathers one error a broker, each with a cause. */
function reasonsOf(error: unknown): string {
  const texts: string[] = [];
  for (
    let inner = error;
    inner instanceof Error;
    inner = (inner as { errors?: unknown[] }).errors?.[0] ?? inner.cause
  ) {
    texts.push(inner.message.replace(/\.$/, ''));
  }
  return [...new Set(texts.length > 0 ? texts : [String(error)])].join(': ');
}

function kindOf(name: string): KafkaFaultKind {
  return kinds[name] ?? (transientCodes.has(name) ? 'transient' : 'fatal');
}

/** A response error gathers one protocol error per place; the first that names a code decides. */
function protocolNameOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const { apiId, errors } = error as Error & { apiId?: unknown; errors?: unknown };
  if (typeof apiId === 'string') {
    return apiId;
  }
  for (const inner of Array.isArray(errors) ? (errors as unknown[]) : []) {
    const name = protocolNameOf(inner);
    if (name) {
      return name;
    }
  }
  return undefined;
}
