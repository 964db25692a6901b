import { Client } from '@opensearch-project/opensearch';
import type { OpenSearchConfig } from '../../config/opensearch-config.js';
import { NodeAgents } from './node-agents.js';
import { openSearchFault, strangeAnswer } from './opensearch-fault.js';
import { SearchConnection } from './search-connection.js';
import { SearchPool } from './search-pool.js';

/** A silent node costs this; then the next one is asked. */
const MAX_REQUEST_MS = 4000;
/** What a caller of the API bears, however many nodes there are. */
const MAX_CALL_MS = 8000;
const MAX_SOCKETS = 20;

export interface IndexOfAlias {
  index: string;
  isWriteIndex: boolean;
  /** `_meta` of the mapping; empty when there is none. */
  meta: Record<string, unknown>;
}

interface AliasAnswer {
  [index: string]: {
    aliases?: Record<string, { is_write_index?: boolean }>;
    mappings?: { _meta?: Record<string, unknown> };
  };
}

/**
 * Administration of indices. The next node is tried when one does not answer; each call ends within 8 s, with
 * OPENSEARCH_UNAVAILABLE (retryable) or OPENSEARCH_ERROR if not with an answer. Documents are written elsewhere.
 */
export class OpenSearchAdmin {
  private readonly client: Client;
  private readonly agents: NodeAgents;

  constructor(config: OpenSearchConfig) {
    const nodes = [...new Set(config.nodes)];
    this.agents = new NodeAgents(config.tls, MAX_SOCKETS);
    this.client = new Client({
      nodes,
      agent: ({ url }) => this.agents.for(url),
      Connection: SearchConnection,
      ConnectionPool: SearchPool,
      ...(config.username && { auth: { username: config.username, password: config.password } }),
      requestTimeout: Math.min(config.requestTimeoutMs, MAX_REQUEST_MS),
      // Every other node, or a fresh connection instead of one that a restart closed.
      maxRetries: Math.max(1, nodes.length - 1),
    });
  }

  /** Resolves with the version when a node answers. */
  async ping(): Promise<string> {
    const { body } = await this.request('asking for its version', 'GET', '/');
    return (body as { version?: { number?: string } }).version?.number ?? '';
  }

  /** The indices behind an alias; empty when nothing has this name, or an index does. */
  async findAlias(alias: string): Promise<IndexOfAlias[]> {
    const path = `/${encodeURIComponent(alias)}?filter_path=*.aliases,*.mappings._meta`;
    const { status, body } = await this.request(`reading ${alias}`, 'GET', path, { accepted: [404] });
    if (status === 404) {
      return [];
    }
    return Object.entries(body as AliasAnswer).flatMap(([index, { aliases, mappings }]) => {
      const entry = aliases?.[alias];
      return entry ? [{ index, isWriteIndex: entry.is_write_index === true, meta: mappings?._meta ?? {} }] : [];
    });
  }

  /** Replaces a template of that name. */
  async putIndexTemplate(name: string, template: object): Promise<void> {
    const path = `/_index_template/${encodeURIComponent(name)}`;
    await this.request(`writing index template ${name}`, 'PUT', path, { body: template });
  }

  /** Rejects with OPENSEARCH_ERROR of type `resource_already_exists_exception` when there is one of that name. */
  async createIndex(name: string, definition: object): Promise<void> {
    await this.request(`creating index ${name}`, 'PUT', `/${encodeURIComponent(name)}`, { body: definition });
  }

  async addWriteAlias(index: string, alias: string): Promise<void> {
    const actions = [{ add: { index, alias, is_write_index: true } }];
    await this.request(`adding alias ${alias}`, 'POST', '/_aliases', { body: { actions } });
  }

  async close(): Promise<void> {
    await this.client.close();
    this.agents.destroy();
  }

  private async request(
    doing: string,
    method: string,
    path: string,
    options: { body?: object; accepted?: number[] } = {},
  ): Promise<{ status: number; body: unknown }> {
    const call = this.client.transport.request(
      { method, path, ...(options.body && { body: options.body as Record<string, unknown> }) },
      { ignore: options.accepted ?? [] },
    );
    const deadline = setTimeout(() => call.abort(), MAX_CALL_MS);
    try {
      const { statusCode, body } = (await call) as { statusCode: number | null; body: unknown };
      if (typeof body !== 'object' || body === null) {
        throw strangeAnswer(statusCode ?? 0, doing);
      }
      return { status: statusCode ?? 0, body };
    } catch (error) {
      throw openSearchFault(error, doing);
    } finally {
      clearTimeout(deadline);
    }
  }
}
