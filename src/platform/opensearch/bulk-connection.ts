import type { OpenSearchConfig } from '../../config/opensearch-config.js';
import type { TlsFiles } from '../tls/tls-files.js';

/** What a task thread needs to reach OpenSearch; plain data, so that it crosses threads. */
export interface BulkConnection {
  /** Base URLs, at least one; http and https may be mixed. */
  nodes: string[];
  /** Empty: no authentication. */
  username: string;
  password: string;
  /** Of https nodes. */
  tls: TlsFiles;
  requestTimeoutMs: number;
  /** Compress the bodies of requests, and ask for compressed answers. */
  gzip: boolean;
}

export function bulkConnection(config: OpenSearchConfig): BulkConnection {
  const { nodes, username, password, tls, requestTimeoutMs, gzip } = config;
  const { caFile, certFile, keyFile, keyPassphrase } = tls;
  return {
    nodes: [...nodes],
    username,
    password,
    tls: { caFile, certFile, keyFile, keyPassphrase },
    requestTimeoutMs,
    gzip,
  };
}

/** The address of a path on a node, whose own address may have a path too. */
export function urlOn(node: URL, path: string): URL {
  return new URL(node.pathname.replace(/\/$/, '') + path, node);
}
