import { type Connection, ConnectionPool } from '@opensearch-project/opensearch';
import { NodePool, SYSTEM_CLOCK } from './node-pool.js';

const PROBE_TIMEOUT_MS = 2000;

/** The client's connections, chosen as bulk requests choose theirs: its own pool leaves a node out for a minute or more. */
export class SearchPool extends ConnectionPool {
  private nodes: NodePool<Connection> | undefined;

  override getConnection(): Connection {
    // Not before the first request: the client adds its connections one by one.
    const nodes = (this.nodes ??= new NodePool(this.connections));
    const connection = nodes.take();
    nodes.takeDue().forEach((due) => this.probe(due, nodes));
    return connection;
  }

  override markAlive(connection: Connection): this {
    this.nodes?.markAnswered(connection);
    return this;
  }

  override markDead(connection: Connection): this {
    this.nodes?.markFailed(connection, SYSTEM_CLOCK.nowMs());
    return this;
  }

  private probe(connection: Connection, nodes: NodePool<Connection>): void {
    const askedAtMs = SYSTEM_CLOCK.nowMs();
    connection.request({ method: 'GET', path: '/', timeout: PROBE_TIMEOUT_MS }, (_, response) => {
      response?.resume();
      const isAnswering = response !== null && (response.statusCode ?? 500) < 500;
      nodes.markProbed(connection, isAnswering, askedAtMs);
    });
  }
}
