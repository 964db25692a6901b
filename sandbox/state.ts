import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { ServiceName } from './service-name.ts';

/** What a sandbox remembers between commands. */
export interface SandboxState {
  /** Part of the cluster names: random, so that two clones with a sandbox of the same name differ. */
  id: string;
  databasePassword: string;
  /** Which services the last up asked for; empty after down. It does not say that their processes live. */
  up: ServiceName[];
  /** Kept after down, so that the next up finds its ports again. */
  services: Partial<Record<ServiceName, ServiceState>>;
}

export type ServiceState = { kind: 'local'; ports: Record<string, number> } | { kind: 'external'; address: string };

/** The stored state; undefined when this sandbox was never up. */
export function readState(path: string): SandboxState | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as SandboxState) : undefined;
}

export function writeState(path: string, state: SandboxState): void {
  mkdirSync(dirname(path), { recursive: true });
  // Whole or not at all, also for a reader at this moment; it holds a password.
  const partial = `${path}.partial`;
  writeFileSync(partial, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(partial, path);
}

export function emptyState(): SandboxState {
  return {
    id: randomBytes(3).toString('hex'),
    databasePassword: randomBytes(12).toString('hex'),
    up: [],
    services: {},
  };
}
