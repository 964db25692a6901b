import { Agent } from 'node:http';
import type { TlsFiles } from '../tls/tls-files.js';
import { TlsAgent } from './tls-agent.js';

/** Of a name with several addresses, the next address is tried when one has not answered for so long. */
const NEXT_ADDRESS_AFTER_MS = 1000;

/** Kept-alive connections to the nodes, up to `maxSockets` to each; http and https nodes may be mixed. */
export class NodeAgents {
  private readonly plain: Agent;
  private readonly secure: TlsAgent;

  constructor(tls: TlsFiles, maxSockets: number) {
    const options = {
      keepAlive: true,
      scheduling: 'lifo' as const,
      maxSockets,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    };
    this.plain = new Agent(options);
    this.secure = new TlsAgent(tls, options);
  }

  for({ protocol }: URL): Agent {
    return protocol === 'https:' ? this.secure : this.plain;
  }

  /** Ends all connections, also those in use. */
  destroy(): void {
    this.plain.destroy();
    this.secure.destroy();
  }
}
