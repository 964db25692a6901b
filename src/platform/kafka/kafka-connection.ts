import type { AppConfig } from '../../config/app-config.js';
import { brokersOf } from '../../config/brokers.js';
import type { SaslMechanism } from '../../config/mq-config.js';
import type { TlsFiles } from '../tls/tls-files.js';

/** What clients of both planes need to reach Kafka; plain data, so that it crosses threads. */
export interface KafkaConnection {
  /** `host:port`, never empty; the order does not matter. */
  brokers: string[];
  clientId: string;
  requestTimeoutMs: number;
  /** Bound of one administrative call, connecting and retries included. */
  adminTimeoutMs: number;
  /** Absent: no login. */
  sasl?: { mechanism: SaslMechanism; username: string; password: string };
  /** Absent: plain text. */
  tls?: TlsFiles;
}

export function kafkaConnection(config: Pick<AppConfig, 'kafka' | 'mq'>): KafkaConnection {
  const { kafka, mq } = config;
  const { enabled, caFile, certFile, keyFile, keyPassphrase } = mq.tls;
  return {
    brokers: brokersOf(mq),
    clientId: kafka.clientId,
    requestTimeoutMs: Math.min(kafka.requestTimeoutMs, kafka.socketTimeoutMs),
    adminTimeoutMs: kafka.adminTimeoutMs,
    ...(mq.username && {
      sasl: { mechanism: mq.saslMechanism, username: mq.username, password: mq.password },
    }),
    ...(enabled && { tls: { caFile, certFile, keyFile, keyPassphrase } }),
  };
}
