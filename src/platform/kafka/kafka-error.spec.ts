import {
  KafkaJSAggregateError,
  KafkaJSConnectionError,
  KafkaJSDeleteGroupsError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
  KafkaJSRequestTimeoutError,
  KafkaJSSASLAuthenticationError,
} from 'kafkajs';
import { CodedError } from '../../domain/coded-error.js';
import { DeadlineExceeded } from './deadline.js';
import { kafkaErrorType, toKafkaError } from './kafka-error.js';

const protocol = (type: string, retriable: boolean) =>
  new KafkaJSProtocolError(Object.assign(new Error(`about ${type}`), { type, code: 1, retriable }));
const wrapped = (error: Error) => new KafkaJSNumberOfRetriesExceeded(error, { retryCount: 3, retryTime: 1 });
const codeOf = (error: unknown) => toKafkaError(error, 'testing', ['broker:1']).code;

describe('what a fault of the Kafka client means', () => {
  it.each([
    ['a refused connection', new KafkaJSConnectionError('connect ECONNREFUSED')],
    ['the same after all retries', wrapped(new KafkaJSConnectionError('connect ECONNREFUSED'))],
    ['a request without an answer', new KafkaJSRequestTimeoutError('timed out', {} as never)],
    ['a deadline', new DeadlineExceeded(100)],
    ['a leader that is being elected', protocol('LEADER_NOT_AVAILABLE', true)],
    ['too few replicas', wrapped(protocol('NOT_ENOUGH_REPLICAS', true))],
    ['a broker that says nothing', new Error('Broker not connected')],
  ])('%s: nobody answered, it may work later', (_name, error) => {
    const fault = toKafkaError(error, 'creating topic t', ['broker:1']);

    expect(fault).toMatchObject({ code: 'KAFKA_UNAVAILABLE', retryable: true, details: { brokers: ['broker:1'] } });
    expect(fault.message).toContain('while creating topic t');
  });

  it.each([
    ['a topic that does not exist', protocol('UNKNOWN_TOPIC_OR_PARTITION', true)],
    ['a missing permission', protocol('TOPIC_AUTHORIZATION_FAILED', false)],
    [
      'wrong credentials',
      Object.assign(new Error('no'), { name: KafkaJSSASLAuthenticationError.name, retriable: false }),
    ],
    ['anything else', new Error('something unexpected')],
  ])('%s: Kafka refuses, the same call will not work later', (_name, error) => {
    expect(toKafkaError(error, 'testing', [])).toMatchObject({ code: 'KAFKA_ERROR', retryable: false });
  });

  it.each([
    [
      'for good',
      'KAFKA_ERROR',
      false,
      Object.assign(new Error('no'), { code: 'CERT_HAS_EXPIRED' }),
      'CERTIFICATE_OUT_OF_DATE',
    ],
    [
      'for now',
      'KAFKA_UNAVAILABLE',
      true,
      new KafkaJSConnectionError('socket disconnected before secure TLS connection was established'),
      'TLS_HANDSHAKE_CUT_OFF',
    ],
  ])('says why no connection comes about, %s', (_how, code, retryable, error, type) => {
    const fault = toKafkaError(wrapped(error), 'creating topic t', ['broker:1']);

    expect(fault).toMatchObject({ code, retryable, details: { type } });
    expect(fault.message).toMatch(/^No connection to Kafka while creating topic t: /);
  });

  it('finds what Kafka said in an aggregate and in a refused group deletion', () => {
    const refused = protocol('INVALID_TOPIC_EXCEPTION', false);
    expect(kafkaErrorType(new KafkaJSAggregateError('Topic creation errors', [refused]))).toBe(
      'INVALID_TOPIC_EXCEPTION',
    );

    const groups = [{ groupId: 'g', errorCode: 68, error: protocol('NON_EMPTY_GROUP', false) }];
    expect(kafkaErrorType(new KafkaJSDeleteGroupsError('Error in DeleteGroups', groups as never))).toBe(
      'NON_EMPTY_GROUP',
    );
  });

  it('leaves a fault that already has a code as it is', () => {
    const fault = new CodedError('KAFKA_ERROR', 'no', { details: { type: 'X' } });

    expect(toKafkaError(fault, 'testing', [])).toBe(fault);
    expect(kafkaErrorType(fault)).toBe('X');
    expect(codeOf('a text')).toBe('KAFKA_ERROR');
  });
});
