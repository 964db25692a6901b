import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { MeasuredProcess } from './measured-process.ts';

export const STUB = 'http://127.0.0.1:28099';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
const MGMT = 'http://127.0.0.1:28012';

/** The program, the stub and the services of one measurement, under names of their own. */
export class Bench {
  readonly name = `b${Date.now().toString(36)}`;
  readonly #sandbox = new Sandbox({ name: 'bench', print: (line) => console.log(line) });
  readonly #running: MeasuredProcess[] = [];

  /** Starts the services, the stub and mgmt, measures, and ends them all. */
  async run(measure: () => Promise<void>): Promise<void> {
    mkdirSync(this.#sandbox.folder, { recursive: true });
    await this.#sandbox.up();
    try {
      this.start('stub', [join(import.meta.dirname, 'stub-search.ts'), '28099'], {});
      await until(`${STUB}/counts`);
      this.start('mgmt', [MAIN, '--role', 'mgmt'], this.#environment());
      await until(`${MGMT}/health/ready`);
      await measure();
    } finally {
      await Promise.all(this.#running.map((process) => process.stop()));
      await this.#sandbox.remove();
    }
  }

  get broker(): string {
    return this.#sandbox.env()['KAFKA_BROKERS'] ?? '';
  }

  get search(): string {
    return this.#sandbox.env()['OPENSEARCH_URL'] ?? '';
  }

  start(logName: string, args: readonly string[], environment: Record<string, string>): MeasuredProcess {
    const process = new MeasuredProcess(args, environment, join(this.#sandbox.folder, `${logName}.log`));
    this.#running.push(process);
    return process;
  }

  /** A pipeline of this name over the topic, and a worker for it alone that writes to `node`. */
  async startPipeline(
    base: string,
    inputTopic: string,
    node: string,
    settings: Record<string, string> = {},
  ): Promise<MeasuredProcess> {
    const body = { id: base, name: base, output_type: 'index_base', index_base: base, input_topic: inputTopic };
    await answer(`${MGMT}/api/flow-stream-data-pipeline/v1/pipelines`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return this.start('worker', [MAIN, '--role', 'worker', '--pipeline', base], {
      ...this.#environment(),
      SDP_SERVER_HTTPPORT: '28022',
      SDP_OPENSEARCH_NODES: node,
      ...settings,
    });
  }

  #environment(): Record<string, string> {
    return {
      ...this.#sandbox.env(),
      SDP_KAFKA_NAMES_TENANT: this.name,
      SDP_SERVER_HTTPPORT: '28012',
      SDP_SERVER_INTERNALHTTPPORT: '28013',
    };
  }
}

/** How many documents the stub has been sent from now on. */
export async function stubCounter(): Promise<() => Promise<number>> {
  const read = async () => ((await (await fetch(`${STUB}/counts`)).json()) as { documents: number }).documents;
  const before = await read();
  return async () => (await read()) - before;
}

/** Undefined when nobody answers. */
export async function answer(url: string, request?: RequestInit): Promise<Response | undefined> {
  return fetch(url, request).catch(() => undefined);
}

async function until(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if ((await answer(url))?.ok) {
      return;
    }
    await delay(100);
  }
  throw new Error(`${url} did not answer`);
}
