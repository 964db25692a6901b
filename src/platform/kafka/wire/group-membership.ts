import { Consumer, type RetryDelayGetter } from '@platformatic/kafka';
import type { KafkaConnection } from '../kafka-connection.js';
import { BrokerClient } from './broker-client.js';
import type { KafkaFault } from './kafka-fault.js';
import type { GroupMember } from './commit-producer.js';

export interface GroupMembershipOptions {
  groupId: string;
  topic: string;
  sessionTimeoutMs: number;
  /** How long the group waits for a member to come back during a rebalance. */
  rebalanceTimeoutMs: number;
}

export interface MembershipListener {
  /**
   * The group is about to share its partitions out anew, and waits for this member until the promise resolves: the time to
   * commit what was read. Not called for a member that is none any more. It must resolve well within the session.
   */
  beforeRejoin?(): Promise<void>;
  /** A generation is settled: these partitions are this member's until the next call. */
  onAssigned(partitions: number[], member: GroupMember): void;
  /** Membership ended without our doing and the client does not try any more. */
  onEnded(fault: KafkaFault): void;
}

const HEARTBEATS_PER_SESSION = 15;
const MIN_HEARTBEAT_MS = 300;

const NO_USER_DATA = Buffer.alloc(0);

/** Membership of a consumer group by the classic protocol: joining, heartbeats, rejoining. It fetches nothing. */
export class GroupMembership {
  private readonly brokers: BrokerClient<Consumer>;
  private heartbeatAtMs = 0;
  private isLeaving = false;

  constructor(
    connection: KafkaConnection,
    private readonly options: GroupMembershipOptions,
    private readonly listener: MembershipListener,
  ) {
    this.brokers = new BrokerClient(connection, 'group', (own) => {
      const retryDelay: RetryDelayGetter = (_client, _call, _attempt, _retries, error) =>
        this.brokers.retryDelayMs(error);
      // The one thing that the client waits for before it joins, each time.
      const protocolsMetadata = () => this.beforeJoin();
      return new Consumer({ ...own, ...memberOptions(connection, options), retryDelay, protocolsMetadata });
    });
    this.consumer.topics.track(options.topic);
    this.listen();
  }

  /** Ms since the coordinator last took this member for alive, on the monotonic clock; Infinity before the first join. */
  get heartbeatAgeMs(): number {
    return this.heartbeatAtMs === 0 ? Infinity : performance.now() - this.heartbeatAtMs;
  }

  /** Resolves when the first generation is settled. */
  async join(): Promise<void> {
    try {
      await this.consumer.joinGroup();
    } catch (error) {
      throw this.brokers.faultOf(error, `joining group ${this.options.groupId}`);
    }
  }

  /** Leaves at once, so that others need not wait for the session to end, and closes the connections. */
  async leave(): Promise<void> {
    this.isLeaving = true;
    try {
      await this.consumer.close();
    } catch (error) {
      throw this.brokers.faultOf(error, `leaving group ${this.options.groupId}`);
    }
  }

  private get consumer(): Consumer {
    return this.brokers.client;
  }

  /** No heartbeat goes out until this resolves. A member whom the group has forgotten has no id left, and commits nothing. */
  private async beforeJoin(): Promise<Buffer> {
    if (this.heartbeatAtMs > 0 && this.consumer.memberId && !this.isLeaving) {
      await this.listener.beforeRejoin?.();
    }
    return NO_USER_DATA;
  }

  private listen(): void {
    const { consumer, listener } = this;
    consumer.on('consumer:group:join', () => {
      this.heartbeatAtMs = performance.now();
      const partitions = (consumer.assignments ?? [])
        .filter((assignment) => assignment.topic === this.options.topic)
        .flatMap((assignment) => assignment.partitions);
      const { groupId, generationId, memberId } = consumer;
      listener.onAssigned(
        [...partitions].sort((a, b) => a - b),
        { groupId, generationId, memberId: memberId ?? '' },
      );
    });
    consumer.on('consumer:heartbeat:end', () => {
      this.heartbeatAtMs = performance.now();
    });
    // The client emits `error` when rejoining failed for good; without a listener that would end the thread.
    consumer.on(
      'error' as 'client:close',
      ((error: Error) => {
        if (!this.isLeaving) {
          listener.onEnded(this.brokers.faultOf(error, `staying in group ${this.options.groupId}`));
        }
      }) as () => void,
    );
  }
}

function memberOptions({ requestTimeoutMs }: KafkaConnection, options: GroupMembershipOptions) {
  const { groupId, sessionTimeoutMs, rebalanceTimeoutMs } = options;
  const longestSilenceMs = Math.max(rebalanceTimeoutMs, sessionTimeoutMs);
  return {
    groupId,
    // Joining is one long exchange with expected refusals in it; the client counts each as an attempt.
    retries: 10,
    autocommit: false,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: longestSilenceMs,
    heartbeatInterval: Math.max(MIN_HEARTBEAT_MS, Math.floor(sessionTimeoutMs / HEARTBEATS_PER_SESSION)),
    requestTimeout: longestSilenceMs + requestTimeoutMs,
  };
}
