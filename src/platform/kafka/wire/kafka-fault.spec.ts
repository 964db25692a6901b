import {
  AuthenticationError,
  MultipleErrors,
  NetworkError,
  protocolErrors,
  ResponseError,
  TimeoutError,
  UserError,
} from '@platformatic/kafka';
import { faultFromCode, KafkaFault, toKafkaFault } from './kafka-fault.js';

const codeOf = (name: string): number => {
  const found = (protocolErrors as Record<string, { code: number } | undefined>)[name];
  if (!found) {
    throw new Error(`${name} is no error of Kafka's protocol`);
  }
  return found.code;
};

const table = {
  rebalance: ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS'],
  fenced: ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'FENCED_INSTANCE_ID'],
  record: ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_TIMESTAMP', 'INVALID_RECORD'],
  authorization: [
    'TOPIC_AUTHORIZATION_FAILED',
    'GROUP_AUTHORIZATION_FAILED',
    'CLUSTER_AUTHORIZATION_FAILED',
    'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  ],
  refused: ['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE'],
  transient: [
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
    'KAFKA_STORAGE_ERROR',
    'UNSTABLE_OFFSET_COMMIT',
    'OFFSET_NOT_AVAILABLE',
  ],
  fatal: ['INVALID_TXN_STATE', 'UNSUPPORTED_VERSION', 'INVALID_TOPIC_EXCEPTION'],
} as const;
const rows = Object.entries(table).flatMap(([kind, names]) => names.map((name) => [name, kind] as const));

describe('what an error of Kafka asks for', () => {
  it.each(rows)('%s: %s', (name, kind) => {
    const fault = faultFromCode(codeOf(name), 'committing');
    expect(fault).toMatchObject({ code: name, kind, retryable: kind === 'transient' || kind === 'rebalance' });
    expect(fault.message).toContain('while committing');
  });

  it('is fatal, with its number, when nobody knows the code', () => {
    expect(faultFromCode(9999, 'committing')).toMatchObject({ code: 'UNKNOWN_9999', kind: 'fatal' });
  });
});

describe('what the client threw', () => {
  const answer = (name: string) => new ResponseError(0, 9, { '/topics/0/partitions/1': [codeOf(name), null] }, {});

  it('keeps a fault that is already one', () => {
    const fault = new KafkaFault('NETWORK', 'transient', 'away');
    expect(toKafkaFault(fault, 'committing')).toBe(fault);
  });

  it.each([
    ['ILLEGAL_GENERATION', 'rebalance'],
    ['PRODUCER_FENCED', 'fenced'],
    ['TOPIC_AUTHORIZATION_FAILED', 'authorization'],
    ['NOT_ENOUGH_REPLICAS', 'transient'],
  ])('finds %s in an answer that gathers errors by their places', (name, kind) => {
    expect(toKafkaFault(answer(name), 'committing')).toMatchObject({ code: name, kind });
    const wrapped = new MultipleErrors('it failed', [new MultipleErrors('all of it', [answer(name)])]);
    expect(toKafkaFault(wrapped, 'committing')).toMatchObject({ code: name, kind });
  });

  it.each([
    ['a broken connection', new NetworkError('connection reset')],
    ['a time-out', new TimeoutError('no answer')],
    ['several of them', new MultipleErrors('cannot connect to any broker', [new NetworkError('refused')])],
  ])('is transient for %s', (_what, error) => {
    expect(toKafkaFault(error, 'committing')).toMatchObject({ code: 'NETWORK', kind: 'transient' });
  });

  it('says where nobody answered, from the depth in which the client keeps it', () => {
    const refused = new NetworkError('Connection to broker:9092 failed.', {
      cause: new Error('connect ECONNREFUSED 10.0.0.1:9092'),
    });
    expect(toKafkaFault(new MultipleErrors('Cannot connect to any broker.', [refused]), 'joining').message).toBe(
      'Kafka did not answer while joining: Cannot connect to any broker: Connection to broker:9092 failed: connect ECONNREFUSED 10.0.0.1:9092',
    );
  });

  it('is a missing topic, not a bug, when the client says so in words alone', () => {
    expect(toKafkaFault(new UserError('Unknown topic orders.'), 'reading the metadata of orders')).toMatchObject({
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
      kind: 'transient',
      message: 'Kafka answered UNKNOWN_TOPIC_OR_PARTITION while reading the metadata of orders',
    });
  });

  it('is refused, and names the settings, when no connection comes about', () => {
    const refused = new NetworkError('failed', { cause: new AuthenticationError('SASL authentication failed') });
    for (const error of [refused, new MultipleErrors('cannot connect', [refused])]) {
      const fault = toKafkaFault(error, 'committing');
      expect(fault).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', kind: 'refused', retryable: false });
      expect(fault.message).toContain('mq.password');
    }
  });

  it('is transient when the connection broke in the middle of the login', () => {
    const login = new AuthenticationError('Cannot find a suitable SASL mechanism.', {
      cause: new NetworkError('closed'),
    });
    const error = new NetworkError('failed', { cause: login });
    expect(toKafkaFault(error, 'committing')).toMatchObject({ code: 'NETWORK', kind: 'transient' });
  });

  it.each([[new TypeError('x is undefined')], ['a text']])(
    'is fatal, and tells what it was, for a bug: %s',
    (thrown) => {
      const fault = toKafkaFault(thrown, 'committing');
      expect(fault).toMatchObject({ code: 'UNEXPECTED', kind: 'fatal', cause: thrown });
      expect(fault.message).toContain(thrown instanceof Error ? thrown.message : 'a text');
    },
  );
});
