import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { readTlsFiles, type TlsFiles } from '../tls/tls-files.js';

/**
 * Connections over TLS, each made with the files as they are then: a certificate that was renewed counts from the next
 * connection on. A file that cannot be read or used fails the request that needs the connection, nothing else.
 */
export class TlsAgent extends Agent {
  constructor(
    private readonly files: TlsFiles,
    options: AgentOptions,
  ) {
    // A resumed session shows no certificate: both sides would go on with the one from before the renewal.
    super({ ...options, rejectUnauthorized: true, maxCachedSessions: 0 });
  }

  override createConnection(
    options: RequestOptions,
    onCreated?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    try {
      return super.createConnection({ ...options, ...readTlsFiles(this.files) }, onCreated);
    } catch (error) {
      // Thrown, it would end the thread: the agent also calls this when another request gives its place free.
      (onCreated as (error: unknown) => void)(error);
      return undefined;
    }
  }
}
