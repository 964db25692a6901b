import { Base, type BaseOptions, type Connection } from '@platformatic/kafka';
import { BrokerTls } from '../broker-tls.js';
import { findConnectionFault, type ConnectionFault } from '../connection-fault.js';
import type { KafkaConnection } from '../kafka-connection.js';
import { onTlsAnswer } from '../tls-record.js';
import { connectionRefused, toKafkaFault, type KafkaFault } from './kafka-fault.js';

const RETRY_DELAY_MS = 100;

/**
 * A client of @platformatic/kafka, with what it leaves out around its connections: a server name for each host, renewed
 * certificates, and the reason why a broker ended a connection.
 */
export class BrokerClient<Client extends Base> {
  readonly client: Client;
  private readonly tls: BrokerTls | undefined;
  /** Spread by the client for each connection, so that it may be filled anew before. */
  private readonly tlsOptions = {};
  /** What was said on the connection that was made last, however the client words its end. */
  private connectionFault: ConnectionFault | undefined;

  /** Connects to nothing yet. Throws a KafkaFault when the files of mq.tls cannot be used. */
  constructor(connection: KafkaConnection, purpose: string, make: (options: BaseOptions) => Client) {
    try {
      this.tls = connection.tls && new BrokerTls(connection.tls);
    } catch (error) {
      throw toKafkaFault(error, 'preparing TLS');
    }
    this.client = make({
      ...clientOptions(connection, purpose),
      ...(this.tls && { tls: this.tlsOptions }),
    });
    this.client.connections.on('connecting', ({ broker, connection: opening }) => {
      Object.assign(this.tlsOptions, this.tls?.forHost(broker.host));
      this.watch(opening);
    });
  }

  /** As toKafkaFault; where the client only knows that a connection was closed, with what was said on it before. */
  faultOf(error: unknown, doing: string): KafkaFault {
    const fault = toKafkaFault(error, doing);
    const { connectionFault } = this;
    return connectionFault && fault.code === 'NETWORK' ? connectionRefused(connectionFault, doing, error) : fault;
  }

  /**
   * A delay before the next attempt, for clients that make many: when no broker lets us in, the client is closed in it, so
   * that it gives up at once and its call is rejected with the reason.
   */
  retryDelayMs(error: Error): number {
    if (this.faultOf(error, 'connecting').kind === 'refused') {
      // The client listens for its end only after this returned. Its own close would first say good-bye to the group.
      queueMicrotask(() => void Base.prototype.close.call(this.client).catch(() => undefined));
    }
    return RETRY_DELAY_MS;
  }

  private watch(connection: Connection): void {
    this.connectionFault = undefined;
    const take = (error: Error) => (this.connectionFault ??= findConnectionFault(error));
    // Without a listener of its own, an error after the first one would end the thread.
    connection.on('error', take);
    if (!this.tls) {
      // The socket is made right after this event.
      queueMicrotask(() => connection.socket && onTlsAnswer(connection.socket, take));
    }
  }
}

/** Retries of the client itself stay few: what a fault means is decided by us, not by the client. */
function clientOptions(connection: KafkaConnection, purpose: string): BaseOptions {
  const { sasl } = connection;
  return {
    clientId: `${connection.clientId}-${purpose}`,
    bootstrapBrokers: connection.brokers,
    timeout: connection.requestTimeoutMs,
    requestTimeout: connection.requestTimeoutMs,
    connectTimeout: Math.min(connection.requestTimeoutMs, 5000),
    retries: 1,
    retryDelay: RETRY_DELAY_MS,
    ...(sasl && {
      sasl: {
        mechanism: sasl.mechanism.toUpperCase() as 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512',
        username: sasl.username,
        password: sasl.password,
      },
    }),
  };
}
