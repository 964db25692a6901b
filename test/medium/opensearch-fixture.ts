import { BulkTransport } from '../../src/platform/opensearch/bulk-transport.js';
import { bulkConnection, type BulkConnection } from '../../src/platform/opensearch/bulk-connection.js';
import type { PoolClock } from '../../src/platform/opensearch/node-pool.js';
import { OpenSearchConfig } from '../../src/config/opensearch-config.js';
import type { SearchNode } from '../support/search-node.js';
import type { IssuedFiles } from '../support/test-authority.js';

/** Time that passes only when the test says so. */
export class StandingClock implements PoolClock {
  private passedMs = 1;

  nowMs(): number {
    return this.passedMs;
  }

  random(): number {
    return 0;
  }

  advance(ms: number): void {
    this.passedMs += ms;
  }
}

/** Settings for these nodes; the rest as users have it. */
export function searchConfig(nodes: readonly SearchNode[], changes: Partial<OpenSearchConfig> = {}): OpenSearchConfig {
  return Object.assign(new OpenSearchConfig(), { nodes: nodes.map(({ url }) => url), ...changes });
}

export function connectionTo(nodes: readonly SearchNode[], changes: Partial<OpenSearchConfig> = {}): BulkConnection {
  return bulkConnection(searchConfig(nodes, changes));
}

export function tlsFiles(caFile: string, own?: IssuedFiles, keyPassphrase = '') {
  return { caFile, certFile: own?.certFile ?? '', keyFile: own?.keyFile ?? '', keyPassphrase };
}

/** A bulk body that writes these documents, by their ids, to the alias of the base. */
export function bulkBody(base: string, documents: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(documents).map(
    ([id, source]) => `{"index":{"_index":"mdl-${base}","_id":${JSON.stringify(id)}}}\n${source}\n`,
  );
  return Buffer.from(lines.join(''));
}

/** Runs with a transport that is closed afterwards. */
export async function withTransport<T>(
  connection: BulkConnection,
  work: (transport: BulkTransport) => Promise<T>,
  clock?: PoolClock,
): Promise<T> {
  const transport = new BulkTransport(connection, 2, clock);
  try {
    return await work(transport);
  } finally {
    transport.close();
  }
}
