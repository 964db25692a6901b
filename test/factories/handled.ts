import { compileChain } from '../../src/handlers/compile-chain.js';
import type { ConfiguredHandler } from '../../src/handlers/configured-handler.js';
import { BaseContext } from '../../src/stream/base-context.js';

/** Names of secrets that handlers under test may use, and what they are. */
export const testSecrets: Readonly<Record<string, string>> = { pepper: 'a secret of the configuration' };

export const testResources = { secret: (name: string) => testSecrets[name] };

/** What becomes of a record: its JSON, or `dropped: why`, or `rejected: why`. */
export async function handled(handlers: ConfiguredHandler | ConfiguredHandler[], json: string): Promise<string> {
  const chain = compileChain([handlers].flat(), { resources: testResources, maxRecordBytes: 1_000_000 });
  const context = new BaseContext<Buffer>({ record: Buffer.from(json) });
  const result = await context.run(chain);
  switch (result.kind) {
    case 'next':
      return context.record.toString();
    case 'stop':
      return `dropped: ${result.reason}`;
    case 'fail':
      return `rejected: ${result.error.message}`;
  }
}
