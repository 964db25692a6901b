import type { StreamLogger } from '../../../stream/stream-logger.js';

export interface KafkaStreamOptions {
  /** `host:port`, one at least. */
  brokers: readonly string[];
  /** The input topic. It must exist, as the topics that are written to: until it does, the stream waits. */
  topic: string;
  /** The consumer group: its members share the partitions, and its offsets say what is done. */
  groupId: string;
  /** Where failed messages go; needed by `errorSink`. */
  errorTopic?: string;
  /**
   * False, the default: at least once. Outputs and error records are written and acknowledged by all replicas, then the
   * offsets are committed; after a crash in between, the same outputs come again. True: outputs, error records and offsets
   * are one transaction, refused when another member of the group has the partitions by then; who reads with
   * `read_committed` sees each output once.
   */
  transactional?: boolean;
  /**
   * Of this process alone. Left out: a random one. A name that the process has again after a restart ends at once what
   * its predecessor left open; else readers wait until Kafka does, after `transactionTimeoutMs`.
   */
  transactionalId?: string;
  /** Default 10,000. */
  transactionTimeoutMs?: number;
  /** Where a group begins that has no offset yet; default `earliest`. */
  startAt?: 'earliest' | 'latest';
  /** Silence after which the group gives this member's partitions to others; default 10,000. */
  sessionTimeoutMs?: number;
  /** Bytes of messages read and not committed, outputs included; at the cap nothing is read. Default 32 MiB. */
  maxBufferedBytes?: number;
  /** Bytes that one batch of records may have after decompression; default 64 MiB. */
  maxBatchBytes?: number;
  /** How long closing waits for the last commit; default 10,000. */
  closeTimeoutMs?: number;
  /** Default `stream-app`. */
  clientId?: string;
  /** Of one question to Kafka; default 10,000. */
  requestTimeoutMs?: number;
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
  /** An empty object: TLS with Node's own authorities. Files are read anew for each connection. */
  tls?: { caFile?: string; certFile?: string; keyFile?: string; keyPassphrase?: string };
  /** Hears what Kafka has to be waited for. Default: JSON lines on standard error. */
  logger?: StreamLogger;
}
