import type { BaseOptions } from '@platformatic/kafka';

/** What a task thread needs to reach Kafka; plain data, so that it crosses threads. */
export interface DataPlaneConnection {
  brokers: string[];
  clientId: string;
  requestTimeoutMs: number;
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
}

/** Retries of the client itself stay few: what a fault means is decided by us, not by the client. */
export function clientOptions(connection: DataPlaneConnection, purpose: string): BaseOptions {
  const { sasl } = connection;
  return {
    clientId: `${connection.clientId}-${purpose}`,
    bootstrapBrokers: connection.brokers,
    timeout: connection.requestTimeoutMs,
    requestTimeout: connection.requestTimeoutMs,
    connectTimeout: Math.min(connection.requestTimeoutMs, 5000),
    retries: 1,
    retryDelay: 100,
    ...(sasl && {
      sasl: {
        mechanism: sasl.mechanism.toUpperCase() as 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512',
        username: sasl.username,
        password: sasl.password,
      },
    }),
  };
}
