import { AuthenticationError, MultipleErrors, NetworkError, ResponseError, UserError } from '@platformatic/kafka';
import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { findConnectionFault } from './connection-fault.js';
import { TlsFilesUnusable } from './broker-tls.js';
import { TlsRequired } from './tls-record.js';

/** As Node's TLS throws it. */
const coded = (code: string, message = 'about TLS') => Object.assign(new Error(message), { code });
/** As kafkajs hands on what a socket emitted, after all its retries. */
const byKafkajs = (error: Error & { code?: string }) =>
  new KafkaJSNumberOfRetriesExceeded(
    new KafkaJSConnectionError(`Connection error: ${error.message}`, { broker: 'b:1', code: error.code ?? '' }),
    { retryCount: 3, retryTime: 1 },
  );
/** As @platformatic/kafka does. */
const byPlatformatic = (error: Error) =>
  new MultipleErrors('metadata failed 2 times.', [
    new MultipleErrors('Cannot connect to any broker.', [new NetworkError('Connection failed.', { cause: error })]),
  ]);
const kafkajsLogin = (message: string) =>
  Object.assign(new Error(`SASL PLAIN authentication failed: ${message}`), { name: 'KafkaJSSASLAuthenticationError' });

describe('why no connection to Kafka comes about', () => {
  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'CERTIFICATE_NOT_TRUSTED', 'mq.tls.caFile'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERTIFICATE_NOT_TRUSTED', 'mq.tls.caFile'],
    ['CERT_HAS_EXPIRED', 'CERTIFICATE_OUT_OF_DATE', 'renew it'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'CERTIFICATE_OF_OTHER_HOST', 'mq.mqHost'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'CLIENT_CERTIFICATE_REFUSED', 'mq.tls.certFile'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN', 'CLIENT_CERTIFICATE_REFUSED', 'mq.tls.keyFile'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'CLIENT_CERTIFICATE_REFUSED', 'mq.tls.keyFile'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'CLIENT_CERTIFICATE_REFUSED', 'mq.tls.certFile'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS_HANDSHAKE_FAILED', 'mq.tls.enabled'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'TLS_HANDSHAKE_FAILED', 'PROTOCOL_VERSION'],
  ])('%s is %s, and tells about %s, from either client', (tlsCode, code, told) => {
    for (const error of [byKafkajs(coded(tlsCode)), byPlatformatic(coded(tlsCode))]) {
      const fault = findConnectionFault(error);
      expect(fault).toMatchObject({ code, isPassing: false });
      expect(fault?.text).toContain(told);
    }
  });

  it('tells which names the certificate has', () => {
    const error = coded('ERR_TLS_CERT_ALTNAME_INVALID', "IP: 10.0.0.1 is not in the cert's list: kafka-1");
    expect(findConnectionFault(byKafkajs(error))?.text).toContain("IP: 10.0.0.1 is not in the cert's list: kafka-1");
  });

  it.each([
    ['kafkajs', kafkajsLogin('Authentication failed: Invalid username or password')],
    ['@platformatic/kafka', byPlatformatic(new AuthenticationError('SASL authentication failed.'))],
    [
      '@platformatic/kafka, from the answer of the broker',
      byPlatformatic(new AuthenticationError('no', { cause: new ResponseError(36, 2, { '/': [58, null] }, {}) })),
    ],
  ])('refused credentials name their settings: %s', (_client, error) => {
    const fault = findConnectionFault(error);
    expect(fault).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', isPassing: false });
    expect(fault?.text).toMatch(/mq\.username.*mq\.password.*mq\.saslMechanism/);
  });

  it.each([
    ['kafkajs', new KafkaJSProtocolError({ name: 'x', type: 'UNSUPPORTED_SASL_MECHANISM', code: 33 } as never)],
    [
      '@platformatic/kafka',
      byPlatformatic(new AuthenticationError('no', { cause: new ResponseError(17, 1, { '/': [33, null] }, {}) })),
    ],
  ])('a mechanism that the broker does not offer: %s', (_client, error) => {
    expect(findConnectionFault(error)).toMatchObject({ code: 'UNSUPPORTED_SASL_MECHANISM' });
  });

  it.each([
    ['our own look at the answer', byKafkajs(new TlsRequired())],
    ['@platformatic/kafka', new UserError('Broker requires TLS.')],
  ])('a broker that speaks TLS: %s', (_client, error) => {
    const fault = findConnectionFault(error);
    expect(fault).toMatchObject({ code: 'TLS_REQUIRED', isPassing: false });
    expect(fault?.text).toContain('mq.tls.enabled');
  });

  it('a handshake that was cut off may pass, for a broker that restarts does the same', () => {
    const cutOff = coded(
      'ECONNRESET',
      'Client network socket disconnected before secure TLS connection was established',
    );
    for (const error of [
      byKafkajs(cutOff),
      byPlatformatic(new UserError('TLS handshake failed.', { cause: cutOff })),
    ]) {
      const fault = findConnectionFault(error);
      expect(fault).toMatchObject({ code: 'TLS_HANDSHAKE_CUT_OFF', isPassing: true });
      expect(fault?.text).toContain('mq.tls.enabled');
    }
  });

  it('files that cannot be used tell which', () => {
    const error = new TlsFilesUnusable('mq.tls.caFile /x cannot be read (ENOENT)', undefined);
    expect(findConnectionFault(error)?.text).toContain('mq.tls.caFile /x cannot be read (ENOENT)');
  });

  it.each([
    ['a refused connection', byKafkajs(coded('ECONNREFUSED'))],
    ['a connection that was reset', byPlatformatic(coded('ECONNRESET', 'read ECONNRESET'))],
    ['a login that broke off, by kafkajs', kafkajsLogin('Closed connection')],
    [
      'a login that was not answered, by kafkajs',
      kafkajsLogin('Request SaslAuthenticate(key: 36, version: 1) timed out'),
    ],
    [
      'a login that broke off, by @platformatic/kafka',
      byPlatformatic(new AuthenticationError('Cannot find a mechanism.', { cause: new NetworkError('closed') })),
    ],
    ['a text', 'no error at all'],
  ])('is nothing of the kind: %s', (_what, error) => {
    expect(findConnectionFault(error)).toBeUndefined();
  });
});
