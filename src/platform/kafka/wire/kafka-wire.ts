import {
  Base,
  findCoordinatorV4,
  FindCoordinatorKeyTypes,
  type ClusterMetadata,
  type Connection,
} from '@platformatic/kafka';
import type { KafkaConnection } from '../kafka-connection.js';
import { BrokerClient } from './broker-client.js';
import { KafkaFault } from './kafka-fault.js';

export type CoordinatorType = 'group' | 'transaction';

/**
 * Connections to the brokers for protocol calls of our own: metadata, leaders, coordinators. One wire is one set of
 * connections; a long poll of one wire never holds up the calls of another. Not safe to share between threads.
 */
export class KafkaWire {
  private readonly brokers: BrokerClient<Base>;
  private readonly coordinators = new Map<string, number>();
  private versions: Map<number, number> | undefined;

  constructor(connection: KafkaConnection, purpose: string) {
    this.brokers = new BrokerClient(connection, purpose, (options) => new Base(options));
  }

  /** Cached for a few seconds unless forced; throws a KafkaFault. */
  async metadata(topics: string[], force = false): Promise<ClusterMetadata> {
    try {
      return await this.client.metadata({ topics, forceUpdate: force });
    } catch (error) {
      throw this.brokers.faultOf(error, `reading the metadata of ${topics.join(', ')}`);
    }
  }

  /** The newest version of a protocol call that the cluster speaks; asked for once. */
  async maxVersion(apiKey: number): Promise<number> {
    try {
      this.versions ??= new Map((await this.client.listApis()).map((api) => [api.apiKey, api.maxVersion]));
    } catch (error) {
      throw this.brokers.faultOf(error, 'asking for the protocol versions of the broker');
    }
    return this.versions.get(apiKey) ?? 0;
  }

  /** The connection to a broker, made when absent. */
  async broker(nodeId: number): Promise<Connection> {
    try {
      const connections = await this.client.connectToBrokers([nodeId]);
      const connection = connections.get(nodeId);
      if (connection) {
        return connection;
      }
    } catch (error) {
      throw this.brokers.faultOf(error, `connecting to broker ${nodeId}`);
    }
    throw new KafkaFault('BROKER_NOT_AVAILABLE', 'transient', `Broker ${nodeId} is not known to the cluster`);
  }

  /** The connection to the first broker that the cluster names. */
  async anyBroker(): Promise<Connection> {
    const { brokers } = await this.metadata([]);
    const nodeId = brokers.keys().next().value;
    if (nodeId === undefined) {
      throw new KafkaFault('BROKER_NOT_AVAILABLE', 'transient', 'The cluster named no broker');
    }
    return this.broker(nodeId);
  }

  /** The connection to the coordinator of a group or transactional id; cached until {@link forgetCoordinator}. */
  async coordinator(type: CoordinatorType, key: string): Promise<Connection> {
    const cacheKey = `${type}:${key}`;
    let nodeId = this.coordinators.get(cacheKey);
    if (nodeId === undefined) {
      nodeId = await this.findCoordinator(type, key);
      this.coordinators.set(cacheKey, nodeId);
    }
    try {
      return await this.broker(nodeId);
    } catch (error) {
      this.coordinators.delete(cacheKey);
      throw error;
    }
  }

  forgetCoordinator(type: CoordinatorType, key: string): void {
    this.coordinators.delete(`${type}:${key}`);
  }

  /** Forgets what is known of leaders, after an answer that says they moved. */
  forgetMetadata(): void {
    this.client.clearMetadata();
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  private get client(): Base {
    return this.brokers.client;
  }

  private async findCoordinator(type: CoordinatorType, key: string): Promise<number> {
    const keyType = type === 'group' ? FindCoordinatorKeyTypes.GROUP : FindCoordinatorKeyTypes.TRANSACTION;
    try {
      const answer = await findCoordinatorV4.api.async(await this.anyBroker(), keyType, [key]);
      const found = answer.coordinators[0];
      if (!found) {
        throw new KafkaFault('COORDINATOR_NOT_AVAILABLE', 'transient', `No coordinator for ${key}`);
      }
      return found.nodeId;
    } catch (error) {
      throw this.brokers.faultOf(error, `looking for the coordinator of ${type} ${key}`);
    }
  }
}
