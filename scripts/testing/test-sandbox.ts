import { existsSync, readdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';

import { Sandbox } from '../../sandbox/sandbox.ts';
import type { ServiceName } from '../../sandbox/service-name.ts';
import { startTimeOf } from '../bootstrap/process-identity.mjs';
import { root } from './jest-process.ts';

const ownName = /^test-(\d+)-[a-z]+$/;

/** A sandbox of this run alone, named by its process and what it is for: nobody else uses or ends it. */
export class TestSandbox {
  readonly #sandbox: Sandbox;
  readonly #print: (line: string) => void;
  readonly #purpose: string;

  constructor(purpose: string, print: (line: string) => void) {
    this.#print = print;
    this.#purpose = purpose;
    this.#sandbox = new Sandbox({ name: `test-${process.pid}-${purpose}`, root, print });
  }

  /** What the tests and the program find the services by. */
  async up(services: readonly ServiceName[], signal: AbortSignal): Promise<Record<string, string>> {
    await this.#removeAbandoned();
    await this.#sandbox.up(services, signal);
    return this.#sandbox.env();
  }

  async keepLogs(folder: string): Promise<void> {
    const logs = join(this.#sandbox.folder, 'logs');
    if (existsSync(logs)) await cp(logs, join(folder, 'services', this.#purpose), { recursive: true });
  }

  /** Leaves neither processes nor files. */
  async remove(): Promise<void> {
    if (existsSync(this.#sandbox.folder)) await this.#sandbox.remove();
  }

  /** A run that was killed could not clean up after itself. */
  async #removeAbandoned(): Promise<void> {
    const folder = join(root, '.sandbox');
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const pid = ownName.exec(name)?.[1];
      if (pid === undefined || startTimeOf(Number(pid)) !== undefined) continue;
      this.#print(`removing ${name}, left by a test run that was killed`);
      await new Sandbox({ name, root }).remove();
    }
  }
}
