import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonRecords, mixedRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { PipelineBody } from '../support/api-client.js';
import { DebugClient } from '../support/debug-client.js';
import { Installation } from '../support/installation.js';
import { type LogLine, logLines } from '../support/log-lines.js';
import type { ProgramProcess } from '../support/program-process.js';
import { without } from '../support/services.js';
import { waitUntil } from '../support/wait-until.js';

const token = 'token-of-the-logging-test';
const minuteMs = 60_000;
/** Of one task in a row, within seconds. */
const attempts = 4;

describe('the log of the running program', () => {
  let installation: Installation;
  const programs: ProgramProcess[] = [];

  beforeAll(async () => {
    installation = await Installation.make('logging', { SDP_DEBUG_TOKEN: token, SDP_SERVER_FAILURETHRESHOLD: '1' });
  });
  afterAll(() => installation.remove());
  afterEach(async () => {
    const running = programs.splice(0).filter(({ isRunning }) => isRunning);
    await Promise.all(running.map((program) => program.stop()));
  });

  const start = async (role: string, settings: Record<string, string> = {}) => {
    const program = await installation.start(['--role', role], settings);
    programs.push(program);
    return program;
  };
  const debugOf = (program: ProgramProcess, as = token) => new DebugClient(program.url, as);

  describe('in a file', () => {
    const requests = 3000;
    let folder: string;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'logging-'));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('is rotated by size and number, and holds every line once, whole and with its fields', async () => {
      const mgmt = await start('mgmt', {
        SDP_LOG_FILE: join(folder, 'mgmt.log'),
        SDP_LOG_MAXSIZE: '1',
        SDP_LOG_MAXBACKUPS: '2',
      });
      const path = `${installation.api(mgmt).base}/pipelines/${'x'.repeat(900)}`;
      for (let number = 0; number < requests; number += 1) {
        await fetch(path, { headers: { 'x-request-id': `logging-${number}` } });
      }

      const rotated = readdirSync(folder).filter((name) => name !== 'mgmt.log');
      expect(rotated).toEqual(
        Array(2).fill(expect.stringMatching(/^mgmt-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.log$/)),
      );
      const files = [...rotated.toSorted(), 'mgmt.log'].map((name) => join(folder, name));
      expect(Math.max(...files.map((file) => statSync(file).size))).toBeLessThanOrEqual(1024 * 1024);
      const ids = files.flatMap(logLines).flatMap(({ requestId }) => (requestId === undefined ? [] : [requestId]));
      expect(ids.length).toBeGreaterThan(requests / 4);
      expect(ids).toEqual(Array.from({ length: ids.length }, (_, at) => `logging-${requests - ids.length + at}`));
      expect(logLines(join(folder, 'mgmt.log')).find(({ msg }) => msg === 'request')).toEqual({
        ...{ level: 'info', time: expect.any(String), msg: 'request', pid: mgmt.pid },
        ...{ service: 'flow-stream-data-pipeline', role: 'mgmt', version: expect.any(String) },
        ...{ requestId: expect.any(String), accountId: 'admin', listener: 'public' },
        ...{
          method: 'GET',
          route: expect.stringMatching(/\/pipelines\/:id$/),
          path: new URL(path).pathname.slice(0, 1000),
        },
        ...{ status: 404, durationMs: expect.any(Number), code: 'NotFound.Pipeline' },
      });
    });
  });

  it('changes its level at run time, in both roles and down to the task threads', async () => {
    const { kafka, group } = installation;
    const mgmt = await start('mgmt');
    const worker = await start('worker');
    const api = installation.api(mgmt);
    const pipeline = await api.create(pipelineRequest(installation.indexBase('levels'), { name: 'levels' }));
    const detailsOf = (program: ProgramProcess) => logLines(program.logFile).filter(({ level }) => level === 'debug');
    const detailsOfTasks = () => detailsOf(worker).filter((line) => line['pipeline'] === pipeline.id);
    let rounds = 0;
    const process = async () => {
      // The first records of each thousand are of all kinds.
      const records = mixedRecords({ count: 20, partitions: 1, from: 1000 * rounds++ });
      await kafka.produce(pipeline.input_topic, records);
      await kafka.caughtUp(group(pipeline.id), pipeline.input_topic, () => api.get(pipeline.id));
    };

    await process();
    expect([detailsOf(mgmt), detailsOf(worker)]).toEqual([[], []]);

    await debugOf(mgmt).setLevel('debug');
    await mgmt.answers('/health/live');
    await waitUntil('a probe is told', () => detailsOf(mgmt).some(({ path }) => path === '/health/live'));

    await debugOf(worker).setLevel('debug');
    await process();
    await waitUntil('a task tells its transaction and the record that it rejected', () => {
      const messages = detailsOfTasks().map(({ msg }) => msg);
      return messages.includes('transaction committed') && messages.includes('record rejected');
    });
    expect(detailsOfTasks().find(({ msg }) => msg === 'record rejected')).toMatchObject({
      ...{ role: 'worker', pipeline: pipeline.id, task: 0, topic: pipeline.input_topic },
      ...{ partition: 0, offset: expect.any(Number), code: expect.any(String), stage: expect.any(String) },
    });

    await debugOf(worker).setLevel('info');
    const told = detailsOfTasks().length;
    await process();
    await worker.stop();
    expect(detailsOfTasks()).toHaveLength(told);
  });

  it('lets nobody change anything without the token, and shows no secret to who has it', async () => {
    const mgmt = await start('mgmt');
    const worker = await start('worker');
    for (const program of [mgmt, worker]) {
      expect(await debugOf(program, 'wrong').get('/debug/log-level')).toMatchObject({
        status: 401,
        body: { error_code: 'StreamDataPipeline.Unauthorized', solution: expect.stringContaining('debug.token') },
      });
      const shown = await debugOf(program).get('/debug/config');
      expect(shown.body).toMatchObject({ debug: { token: '******' }, log: { logLevel: 'info' } });
      expect(JSON.stringify(shown.body)).not.toContain(token);
      expect(await debugOf(program).get('/debug')).toMatchObject({ status: 200 });
    }
    const { paths } = (await (await fetch(`${mgmt.url}/docs/openapi.json`)).json()) as { paths: object };
    expect(paths).toHaveProperty(['/debug/log-level', 'put']);
  });

  it('tells a fault that repeats once a minute for each cause and pipeline, and its end once', async () => {
    const { kafka, group } = installation;
    const program = await start('all');
    const api = installation.api(program);
    const request = { settings: { input_partitions: 4 }, deployment_config: { parallelism: 2 } };
    const pipelines: PipelineBody[] = [];
    for (const name of ['first', 'second']) {
      pipelines.push(await api.create(pipelineRequest(installation.indexBase(name), { name, ...request })));
    }
    const produce = async (from: number) => {
      for (const { input_topic } of pipelines) {
        await kafka.produce(input_topic, jsonRecords({ count: 40, partitions: 4, from }));
      }
    };
    const attemptsOf = async ({ id }: PipelineBody) => {
      const { body } = await api.request<{ entries: { attempts: number }[] }>('GET', `/pipelines/${id}/tasks`);
      return body.entries.map((task) => task.attempts);
    };
    await produce(0);

    await without('opensearch', async () => {
      await produce(40);
      for (const pipeline of pipelines) {
        await waitUntil(
          `${pipeline.id} has failed again and again`,
          async () => Math.max(...(await attemptsOf(pipeline))) >= attempts,
          { seen: () => attemptsOf(pipeline) },
        );
      }
    });

    for (const { id, input_topic } of pipelines) {
      await kafka.caughtUp(group(id), input_topic, () => api.get(id));
    }
    const linesOf = ({ id }: PipelineBody, msg: string) =>
      logLines(program.logFile).filter((line) => line.msg === msg && line['pipeline'] === id);
    for (const pipeline of pipelines) {
      const lines = linesOf(pipeline, 'task failed');
      expect(lines[0]).toMatchObject({
        ...{ level: 'error', role: 'all', task: expect.any(Number), attempts: 1, taskCount: 1 },
        ...{ code: 'OPENSEARCH_UNAVAILABLE', cause: expect.stringMatching(/^OpenSearch at \S+ does not answer/) },
      });
      expect(closest(lines)).toBeGreaterThanOrEqual(minuteMs);
      const ends = () => linesOf(pipeline, 'task works again').filter(({ code }) => code === 'OPENSEARCH_UNAVAILABLE');
      await waitUntil(`the log tells that ${pipeline.id} works again`, () => ends().length > 0);
      expect(ends()).toEqual([expect.objectContaining({ level: 'info', role: 'all' })]);
    }
  });
});

/** Ms between those two lines of one code that follow each other soonest; Infinity when there are no two. */
function closest(lines: LogLine[]): number {
  const gaps = [...Map.groupBy(lines, (line) => line['code']).values()].flatMap((alike) =>
    alike.slice(1).map(({ time }, position) => Date.parse(time) - Date.parse(alike[position]?.time ?? '')),
  );
  return Math.min(Infinity, ...gaps);
}
