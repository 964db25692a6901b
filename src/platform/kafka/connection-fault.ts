import { types } from 'node:util';

/** Why no connection to Kafka comes about, though somebody answers: a setting, a certificate or the broker's user is wrong. */
export interface ConnectionFault {
  /** For programs; where Kafka has a name for it, that one. */
  code: string;
  /** What is wrong, and the settings that may mend it; never a secret. */
  text: string;
  /** True when it looks the same while a broker restarts: worth another attempt. */
  isPassing: boolean;
}

const ADVICE = {
  SASL_AUTHENTICATION_FAILED: 'Kafka refuses the credentials: check mq.username, mq.password and mq.saslMechanism',
  UNSUPPORTED_SASL_MECHANISM: 'Kafka does not offer this mechanism on this port: check mq.saslMechanism',
  ILLEGAL_SASL_STATE:
    'Kafka takes no credentials on this port: empty mq.username, or name a port with SASL in mq.mqHost',
  CERTIFICATE_NOT_TRUSTED: 'the certificate of the broker is not trusted: check mq.tls.caFile',
  CERTIFICATE_OUT_OF_DATE: 'the certificate of the broker is not valid at this time: renew it, or mend the clock here',
  CERTIFICATE_OF_OTHER_HOST:
    'the certificate of the broker is for another host name: name the broker in mq.mqHost, and in its advertised.listeners, as the certificate does',
  CLIENT_CERTIFICATE_REFUSED:
    'Kafka wants a client certificate of an authority that it trusts: check mq.tls.certFile and mq.tls.keyFile',
  TLS_REQUIRED: 'Kafka speaks TLS on this port: set mq.tls.enabled, or name a port without TLS in mq.mqHost',
  TLS_FILES_UNUSABLE: 'the files of mq.tls cannot be used',
  TLS_HANDSHAKE_FAILED:
    'TLS with Kafka does not come about: check mq.tls.enabled, and which versions and ciphers Kafka takes',
  TLS_HANDSHAKE_CUT_OFF:
    'Kafka closed the connection when TLS was to begin: if it stays so, the port has no TLS, see mq.tls.enabled',
} as const satisfies Record<string, string>;

type FaultCode = keyof typeof ADVICE;

const PASSING: ReadonlySet<string> = new Set<FaultCode>(['TLS_HANDSHAKE_CUT_OFF']);

/** Codes of Node's TLS, of Kafka's protocol, and our own. */
const BY_CODE: Readonly<Record<string, FaultCode>> = {
  SASL_AUTHENTICATION_FAILED: 'SASL_AUTHENTICATION_FAILED',
  UNSUPPORTED_SASL_MECHANISM: 'UNSUPPORTED_SASL_MECHANISM',
  ILLEGAL_SASL_STATE: 'ILLEGAL_SASL_STATE',
  TLS_REQUIRED: 'TLS_REQUIRED',
  TLS_FILES_UNUSABLE: 'TLS_FILES_UNUSABLE',
  UNABLE_TO_GET_ISSUER_CERT: 'CERTIFICATE_NOT_TRUSTED',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'CERTIFICATE_NOT_TRUSTED',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'CERTIFICATE_NOT_TRUSTED',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'CERTIFICATE_NOT_TRUSTED',
  SELF_SIGNED_CERT_IN_CHAIN: 'CERTIFICATE_NOT_TRUSTED',
  CERT_SIGNATURE_FAILURE: 'CERTIFICATE_NOT_TRUSTED',
  CERT_UNTRUSTED: 'CERTIFICATE_NOT_TRUSTED',
  CERT_REJECTED: 'CERTIFICATE_NOT_TRUSTED',
  CERT_REVOKED: 'CERTIFICATE_NOT_TRUSTED',
  CERT_CHAIN_TOO_LONG: 'CERTIFICATE_NOT_TRUSTED',
  INVALID_CA: 'CERTIFICATE_NOT_TRUSTED',
  INVALID_PURPOSE: 'CERTIFICATE_NOT_TRUSTED',
  CERT_HAS_EXPIRED: 'CERTIFICATE_OUT_OF_DATE',
  CERT_NOT_YET_VALID: 'CERTIFICATE_OUT_OF_DATE',
  ERR_TLS_CERT_ALTNAME_INVALID: 'CERTIFICATE_OF_OTHER_HOST',
};

/** What the broker says about our certificate in TLS; who shows none hears one of these too. */
const CERTIFICATE_ALERT = /_ALERT_((BAD|UNSUPPORTED)_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED)$/;

/** Of Node, when the other side closes before the handshake is done; it has no code of its own. */
const HANDSHAKE_CUT_OFF = 'before secure TLS connection was established';

/** Of @platformatic/kafka. */
const TLS_REQUIRED_BY_CLIENT = 'Broker requires TLS.';

/** kafkajs reports a connection that broke during the login as refused credentials, and keeps only the text. */
const LOGIN_BROKE_OFF = /failed: (Closed connection|Connection |Not connected|Request .* timed out)/;

/** Looks for it in whatever a client threw: in the causes and in the parts of an aggregate. */
export function findConnectionFault(error: unknown): ConnectionFault | undefined {
  for (const each of errorsWithin(error)) {
    const code = faultCodeOf(each);
    if (code) {
      return { code, text: `${ADVICE[code]}${detailOf(each, code)}`, isPassing: PASSING.has(code) };
    }
  }
  return undefined;
}

const MAX_DEPTH = 10;

interface ClientError extends Error {
  code?: unknown;
  /** Protocol name, in kafkajs and in @platformatic/kafka. */
  type?: unknown;
  apiId?: unknown;
  errors?: unknown;
}

function* errorsWithin(error: unknown, depth = 0): Generator<ClientError> {
  if (!types.isNativeError(error) || depth > MAX_DEPTH) {
    return;
  }
  yield error;
  const { errors, cause } = error as ClientError;
  for (const inner of [...(Array.isArray(errors) ? (errors as unknown[]) : []), cause]) {
    yield* errorsWithin(inner, depth + 1);
  }
}

function faultCodeOf({ name, message, code, type, apiId, cause }: ClientError): FaultCode | undefined {
  const known = [code, type, apiId].find((each) => typeof each === 'string' && Object.hasOwn(BY_CODE, each));
  if (known !== undefined) {
    return BY_CODE[known as string];
  }
  if (message.includes(HANDSHAKE_CUT_OFF)) {
    return 'TLS_HANDSHAKE_CUT_OFF';
  }
  if (code === 'PLT_KFK_USER' && message === TLS_REQUIRED_BY_CLIENT) {
    return 'TLS_REQUIRED';
  }
  if (typeof code === 'string' && code.startsWith('ERR_SSL_')) {
    return CERTIFICATE_ALERT.test(code) ? 'CLIENT_CERTIFICATE_REFUSED' : 'TLS_HANDSHAKE_FAILED';
  }
  const isRefusedLogin =
    (name === 'KafkaJSSASLAuthenticationError' && !LOGIN_BROKE_OFF.test(message)) ||
    // With a cause, the cause tells: it may be a connection that broke.
    (code === 'PLT_KFK_AUTHENTICATION' && !cause);
  return isRefusedLogin ? 'SASL_AUTHENTICATION_FAILED' : undefined;
}

/** What Node, OpenSSL or the broker says in addition, where that is for people. */
function detailOf({ message, code }: ClientError, fault: FaultCode): string {
  switch (fault) {
    case 'CLIENT_CERTIFICATE_REFUSED':
    case 'TLS_HANDSHAKE_FAILED':
      return ` (${String(code).replace(/^ERR_SSL_/, '')})`;
    case 'CERTIFICATE_NOT_TRUSTED':
    case 'CERTIFICATE_OUT_OF_DATE':
    case 'CERTIFICATE_OF_OTHER_HOST':
      return ` (${message.replace(/^Connection error: /, '').replace(/; if the root CA is installed locally.*/, '')})`;
    case 'TLS_FILES_UNUSABLE':
      return `: ${message}`;
    default:
      return '';
  }
}
