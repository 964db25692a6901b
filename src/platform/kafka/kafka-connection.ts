import type { AppConfig } from '../../config/app-config.js';
import { brokersOf } from '../../config/brokers.js';

/** What the control-plane clients need to reach Kafka; plain data. */
export interface KafkaConnection {
  /** `host:port`, never empty; the order does not matter. */
  brokers: string[];
  clientId: string;
  requestTimeoutMs: number;
  /** Bound of one administrative call, connecting and retries included. */
  adminTimeoutMs: number;
  /** Absent: no authentication. */
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
}

export function kafkaConnection(config: Pick<AppConfig, 'kafka' | 'mq'>): KafkaConnection {
  const { kafka, mq } = config;
  return {
    brokers: brokersOf(mq),
    clientId: kafka.clientId,
    requestTimeoutMs: Math.min(kafka.requestTimeoutMs, kafka.socketTimeoutMs),
    adminTimeoutMs: kafka.adminTimeoutMs,
    ...(mq.username && {
      sasl: { mechanism: mq.saslMechanism, username: mq.username, password: mq.password },
    }),
  };
}
