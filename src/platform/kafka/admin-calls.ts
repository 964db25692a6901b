import type { Admin } from 'kafkajs';
import { CodedError } from '../../domain/coded-error.js';
import type { Logger } from '../logging/logger.js';
import { Deadline, DeadlineExceeded } from './deadline.js';
import { toKafkaError } from './kafka-error.js';
import type { KafkaConnection } from './kafka-connection.js';
import { KafkaSession } from './kafkajs-client.js';
import { KafkajsLog } from './kafkajs-log.js';

const RETRY_PAUSE_MS = 200;

interface AdminSession {
  session: KafkaSession;
  admin: Admin;
  connected: Promise<void>;
}

export type AdminCall<T> = (admin: Admin, deadline: Deadline) => Promise<T>;

/** Runs administrative calls within their time: connects when needed, and tries again on a new client while time is left. */
export class AdminCalls {
  private current: AdminSession | undefined;
  private readonly log: KafkajsLog;
  private isClosed = false;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly logger: Logger,
  ) {
    this.log = new KafkajsLog(logger);
  }

  /** Rejects with KAFKA_UNAVAILABLE or KAFKA_ERROR. `call` may run several times, so it has to be idempotent. */
  async run<T>(doing: string, call: AdminCall<T>, budgetMs = this.connection.adminTimeoutMs): Promise<T> {
    return this.retry(doing, budgetMs, (deadline) => this.onSharedClient(call, deadline));
  }

  /**
   * As {@link run}, on a client of its own: for calls that leave a topic in the client's metadata, where it would fail all
   * later calls once that topic is deleted.
   */
  async runAlone<T>(doing: string, call: AdminCall<T>): Promise<T> {
    return this.retry(doing, this.connection.adminTimeoutMs, async (deadline) => {
      const own = this.open();
      try {
        return await deadline.race(own.connected.then(() => call(own.admin, deadline)));
      } catch (error) {
        throw own.session.reasonOf(error);
      } finally {
        await this.disconnect(own);
      }
    });
  }

  /** Calls that still run are rejected; later ones too. */
  async close(): Promise<void> {
    this.isClosed = true;
    const { current } = this;
    this.current = undefined;
    if (current) {
      await this.disconnect(current);
    }
  }

  private async retry<T>(doing: string, budgetMs: number, attempt: (deadline: Deadline) => Promise<T>): Promise<T> {
    const deadline = new Deadline(budgetMs);
    let told: CodedError | undefined;
    for (;;) {
      if (this.isClosed) {
        throw new CodedError('KAFKA_UNAVAILABLE', `Kafka's client is closed (while ${doing})`, { retryable: true });
      }
      try {
        const answer = await attempt(deadline);
        this.log.recovered();
        return answer;
      } catch (error) {
        const fault = toKafkaError(error, doing, this.connection.brokers);
        if (fault.code !== 'KAFKA_UNAVAILABLE' || deadline.remainingMs <= RETRY_PAUSE_MS) {
          // Why an earlier attempt failed tells more than that the time was up in the last one.
          throw error instanceof DeadlineExceeded ? (told ?? fault) : fault;
        }
        told = fault;
      }
      await deadline.pause(RETRY_PAUSE_MS);
    }
  }

  private async onSharedClient<T>(call: AdminCall<T>, deadline: Deadline): Promise<T> {
    const session = (this.current ??= this.open());
    try {
      return await deadline.race(session.connected.then(() => call(session.admin, deadline)));
    } catch (error) {
      // Whatever it was, a new client starts clean; calls beside this one fail over to it.
      this.giveUp(session, error);
      throw session.session.reasonOf(error);
    }
  }

  private open(): AdminSession {
    const { connection } = this;
    const session = new KafkaSession(
      { ...connection, requestTimeoutMs: Math.min(connection.requestTimeoutMs, connection.adminTimeoutMs) },
      this.log,
    );
    const admin = session.kafka.admin();
    const connected = admin.connect();
    // Whoever awaits it sees the fault; unawaited, it must not end the process.
    connected.catch(() => undefined);
    return { session, admin, connected };
  }

  private giveUp(failed: AdminSession, cause: unknown): void {
    if (this.current === failed) {
      this.current = undefined;
    }
    failed.session.abandon(cause);
  }

  private async disconnect({ session, admin }: AdminSession): Promise<void> {
    try {
      await new Deadline(1000).race(admin.disconnect());
    } catch (error) {
      this.logger.debug({ err: error }, 'kafka admin client did not disconnect by itself');
    } finally {
      session.abandon();
    }
  }
}
