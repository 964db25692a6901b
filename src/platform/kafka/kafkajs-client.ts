import './kafkajs-timer-fix.js';
import './kafkajs-empty-fetch.js';
import './kafkajs-member-id.js';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Kafka, type ISocketFactory, type SASLOptions } from 'kafkajs';
import { BrokerTls } from './broker-tls.js';
import { findConnectionFault } from './connection-fault.js';
import { DeadlineExceeded } from './deadline.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkajsLog } from './kafkajs-log.js';
import { onTlsAnswer } from './tls-record.js';

const MAX_CONNECT_MS = 3000;
const KEEP_ALIVE_MS = 60_000;
const GIVEN_UP = 'the client was given up';

/**
 * One kafkajs client that can be given up for good. kafkajs has no way to end a call: after a time-out here it would go on
 * retrying and might write minutes later. {@link abandon} cuts its connections and lets it open no other, so that it fails
 * and ends.
 */
export class KafkaSession {
  readonly kafka: Kafka;
  private readonly sockets = new Set<Socket>();
  private readonly aliases = new Map<string, string>();
  private readonly tls: BrokerTls | undefined;
  /** Of the last socket, when it tells more than that nobody is there. */
  private socketFault: Error | undefined;
  private abandonedFor: unknown;
  private isAbandoned = false;

  /** Connects to nothing yet. Throws when the files of mq.tls cannot be used. */
  constructor(connection: KafkaConnection, log: KafkajsLog) {
    this.tls = connection.tls && new BrokerTls(connection.tls);
    this.kafka = new Kafka({
      clientId: connection.clientId,
      brokers: shuffled(connection.brokers.map((broker) => this.bootstrapAddress(broker))),
      connectionTimeout: Math.min(connection.requestTimeoutMs, MAX_CONNECT_MS),
      requestTimeout: connection.requestTimeoutMs,
      // Enough to try each broker of the list; what lasts longer is retried by us, with a new client.
      retry: { retries: Math.max(3, connection.brokers.length), initialRetryTime: 100, maxRetryTime: 1000 },
      // A copy: kafkajs puts a function into it, and ours has to cross threads.
      ...(connection.sasl && { sasl: { ...connection.sasl } as SASLOptions }),
      socketFactory: this.openSocket,
      logLevel: log.level,
      logCreator: log.creator(() => this.isAbandoned),
    });
  }

  /**
   * Ends whatever still runs on this client; never throws, may be called twice. `cause`: why, for the calls that end by it;
   * of several the first counts.
   */
  abandon(cause?: unknown): void {
    this.isAbandoned = true;
    this.abandonedFor ??= cause;
    for (const socket of this.sockets) {
      // With an error, because kafkajs takes notice of `error` and `end`, not of `close`.
      socket.destroy(new Error(GIVEN_UP));
    }
  }

  /**
   * What tells most about a call that failed: when its time was up while kafkajs was still trying, why it had to; when
   * another call gave the client up meanwhile, what that one met.
   */
  reasonOf(error: unknown): unknown {
    if (error instanceof DeadlineExceeded) {
      return this.socketFault ?? error;
    }
    const isGivenUp = error instanceof Error && error.message.includes(GIVEN_UP);
    return isGivenUp ? (this.socketFault ?? this.abandonedFor ?? error) : error;
  }

  /** kafkajs splits bootstrap addresses at the first colon; an IPv6 address gets a name that only our sockets know. */
  private bootstrapAddress(broker: string): string {
    const match = /^\[(.+)\]:(\d+)$/.exec(broker);
    if (!match?.[1]) {
      return broker;
    }
    const alias = `ipv6-${this.aliases.size}.invalid`;
    this.aliases.set(alias, match[1]);
    return `${alias}:${match[2]}`;
  }

  private readonly openSocket: ISocketFactory = ({ host, port, onConnect }) => {
    if (this.isAbandoned) {
      throw new Error(GIVEN_UP);
    }
    const address = { host: this.aliases.get(host) ?? host, port };
    const socket = this.tls
      ? connectTls({ ...address, ...this.tls.forHost(address.host) }, onConnect)
      : connect(address, onConnect);
    if (!this.tls) {
      onTlsAnswer(socket, (error) => socket.destroy(error));
    }
    this.watch(socket);
    return socket;
  };

  private watch(socket: Socket): void {
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setNoDelay(true);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.once('error', (error) => {
      // That we give up is no news about the broker.
      this.socketFault = this.isAbandoned ? this.socketFault : findConnectionFault(error) && error;
    });
  }
}

/** Clients spread over the brokers, and a new attempt begins elsewhere. */
function shuffled(brokers: string[]): string[] {
  return brokers
    .map((broker) => ({ broker, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ broker }) => broker);
}
