import type { KafkaConnection } from '../kafka-connection.js';
import type { KafkaStreamOptions } from './kafka-stream-options.js';

const NO_TLS_FILES = { caFile: '', certFile: '', keyFile: '', keyPassphrase: '' };

/** Throws a TypeError that names the option that is missing. */
export function requireOptions(options: KafkaStreamOptions): void {
  for (const name of ['topic', 'groupId'] as const) {
    if (!options[name]) {
      throw new TypeError(`${name} must be a name; it was ${options[name] === '' ? 'empty' : 'missing'}.`);
    }
  }
  if (!options.brokers?.[0]) {
    throw new TypeError('brokers must list one host:port at least; it was empty.');
  }
}

export function connectionOf(options: KafkaStreamOptions): KafkaConnection {
  const { brokers, clientId = 'stream-app', requestTimeoutMs = 10_000, sasl, tls } = options;
  return {
    ...{ brokers: [...brokers], clientId, requestTimeoutMs, adminTimeoutMs: requestTimeoutMs },
    ...(sasl && { sasl }),
    ...(tls && { tls: { ...NO_TLS_FILES, ...tls } }),
  };
}
