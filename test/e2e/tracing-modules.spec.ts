import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jsonRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { Installation } from '../support/installation.js';
import { TraceReceiver } from '../support/trace-receiver.js';

const preload = pathToFileURL(resolve(import.meta.dirname, '../support/module-recorder.mjs')).href;
const records = jsonRecords({ count: 20, partitions: 1 });

interface LoadedModule {
  thread: number;
  url: string;
}

/** A file for the modules of one process. */
class ModuleList {
  private readonly file = join(tmpdir(), `sdp-modules-${randomUUID()}`);
  readonly settings = { NODE_OPTIONS: `--import=${preload}`, SDP_TEST_MODULES: this.file };

  read(): LoadedModule[] {
    const lines = readFileSync(this.file, 'utf8').trimEnd().split('\n');
    return lines.map((line) => ({ thread: Number.parseInt(line), url: line.slice(line.indexOf(' ') + 1) }));
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}

const ofOpenTelemetry = ({ url }: LoadedModule) => url.includes('@opentelemetry');
const inMain = ({ thread }: LoadedModule) => thread === 0;

describe('the modules that are loaded', () => {
  let installation: Installation;
  const lists: ModuleList[] = [];

  /** Starts these roles, sends records through a pipeline, and answers what each process has loaded by then. */
  async function afterRecords(
    base: string,
    roles: readonly string[],
    settings: Record<string, string> = {},
  ): Promise<LoadedModule[][]> {
    const { kafka, group } = installation;
    const started = [];
    for (const role of roles) {
      const list = new ModuleList();
      lists.push(list);
      started.push({ list, program: await installation.start(['--role', role], { ...settings, ...list.settings }) });
    }
    const api = installation.api(started[0]!.program);
    const pipeline = await api.create(pipelineRequest(installation.indexBase(base)));
    await kafka.produce(pipeline.input_topic, records);
    await kafka.caughtUp(group(pipeline.id), pipeline.input_topic, () => api.get(pipeline.id));
    for (const { program } of started) {
      await program.stop();
    }
    return started.map(({ list }) => list.read());
  }

  beforeAll(async () => {
    installation = await Installation.make('tracing-modules');
  });
  afterAll(async () => {
    lists.forEach((list) => list.remove());
    await installation.remove();
  });

  it('hold nothing of OpenTelemetry while tracing is off, in no role and in no thread', async () => {
    const [mgmt = [], worker = []] = await afterRecords('two', ['mgmt', 'worker']);
    const [all = []] = await afterRecords('one', ['all']);

    expect([...mgmt, ...worker, ...all].filter(ofOpenTelemetry)).toEqual([]);
    // What would make the line above say nothing: a list of the wrong process, or without its task threads.
    expect(mgmt.some(({ url }) => url.endsWith('/dist/mgmt/mgmt.module.js'))).toBe(true);
    for (const list of [worker, all]) {
      expect(list.filter(({ url }) => url.endsWith('/dist/worker/task/thread-host.js')).every(inMain)).toBe(false);
    }
  });

  it('are seen when tracing is on: in the process, and still not in its task threads', async () => {
    const receiver = await TraceReceiver.start();
    try {
      const settings = { SDP_TRACING_ENABLED: 'true', SDP_TRACING_ENDPOINT: receiver.endpoint };
      const [all = []] = await afterRecords('traced', ['all'], settings);

      const loaded = all.filter(ofOpenTelemetry);
      expect(loaded.some(({ url }) => url.includes('@opentelemetry/sdk-trace'))).toBe(true);
      expect(loaded.filter((module) => !inMain(module))).toEqual([]);
    } finally {
      await receiver.stop();
    }
  });
});
