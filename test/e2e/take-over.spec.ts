import { type OldPipelineRow, oldPipelineRow, OLD_PIPELINE_TABLE } from '../factories/old-pipeline-table.js';
import { jsonRecords } from '../factories/input-records.js';
import { actualOutcome } from '../support/actual-outcome.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { mapDifferences, noDifferences, sequenceDifferences } from '../support/differences.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { expectedOutcome } from '../support/expected-outcome.js';
import { Installation } from '../support/installation.js';
import type { ProgramProcess } from '../support/program-process.js';
import { waitUntil } from '../support/wait-until.js';

const partitions = 4;
/** Names of the replaced service, which its producers and consumers know. */
const names = {
  SDP_KAFKA_NAMES_INPUT: '<tenant>.mdl.sdp.input.<id>',
  SDP_KAFKA_NAMES_ERROR: '<tenant>.mdl.sdp.error.<id>',
  SDP_KAFKA_NAMES_OUTPUT: '<tenant>.mdl.out.<index_base>',
  SDP_KAFKA_NAMES_GROUP: '<tenant>.mdl.sdp.group.<id>',
};

describe('an installation that is put in the place of an older service', () => {
  let installation: Installation;
  let api: ApiClient;
  let program: ProgramProcess;
  let consumed: Map<number, number>;

  const base = (id: string) => installation.indexBase(id);
  const inputOf = (id: string) => `${installation.tenant}.mdl.sdp.input.${id}`;
  const groupOf = (id: string) => `${installation.tenant}.mdl.sdp.group.${id}`;
  const insert = (row: OldPipelineRow) =>
    installation.database.ask('INSERT INTO t_stream_data_pipeline SET ?', [oldPipelineRow(row)]);
  const row = async (id: string) => {
    const sql = 'SELECT * FROM t_stream_data_pipeline WHERE f_pipeline_id = ?';
    return (await installation.database.ask(sql, [id]))[0];
  };
  const lines = (id: string) =>
    program
      .log()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ pipeline }) => pipeline === id);
  /** The installation, whose groups have other names. */
  const renamed = () => Object.assign(Object.create(installation) as Installation, { group: groupOf });
  const runsExactly = async (pipeline: PipelineBody, count: number) => {
    const records = jsonRecords({ count, partitions });
    await installation.kafka.produce(pipeline.input_topic, records);
    await expectExactOutcome(renamed(), pipeline, records, () => api.get(pipeline.id));
  };
  const start = async () => {
    program = await installation.start(['--role', 'all']);
    api = installation.api(program);
  };

  const records = jsonRecords({ count: 2000, partitions });

  beforeAll(async () => {
    installation = await Installation.make('take-over', { ...names, SDP_INDEXBASE_AUTOCREATE: 'false' });
    const { kafka, search, database } = installation;
    await database.ask(OLD_PIPELINE_TABLE);
    const ids = ['running', 'error', 'close', 'bad-config', 'nulls', 'odd-status', 'no-id_'];
    for (const id of ids) {
      await search.createBase(base(id));
    }
    const f_index_base = (id: string) => ({ f_pipeline_id: id, f_index_base: base(id) });
    await insert({ ...f_index_base('running'), f_pipeline_status: 'running' });
    await insert({ ...f_index_base('error'), f_pipeline_status: 'error', f_pipeline_status_details: 'it broke' });
    await insert({ ...f_index_base('close'), f_pipeline_status: 'close' });
    await insert({ ...f_index_base('bad-config'), f_pipeline_status: 'running', f_deployment_config: '{"cpu_limit":' });
    await insert({
      ...f_index_base('nulls'),
      f_pipeline_status: 'running',
      ...{ f_tags: null, f_comment: null, f_builtin: null, f_use_index_base_in_data: null },
      ...{ f_pipeline_status_details: null, f_deployment_config: null },
    });
    await insert({ ...f_index_base('odd-status'), f_pipeline_status: 'halted' });
    await insert({ ...f_index_base('no-base'), f_pipeline_status: 'running' });
    await insert({ ...f_index_base('no-id_'), f_pipeline_status: 'running' });
    for (const id of ['running', 'error', 'close', 'bad-config', 'nulls', 'odd-status', 'no-base']) {
      await kafka.createTopic(inputOf(id), partitions);
    }
    await kafka.produce(inputOf('running'), records);
    consumed = await kafka.consume(groupOf('running'), inputOf('running'), 1000);
    await start();
  });
  afterAll(() => installation.remove());

  it('writes exactly the records that the older service had not committed', async () => {
    const { kafka, search } = installation;
    const from = (partition: number) => consumed.get(partition) ?? 0;
    expect([...consumed.values()].reduce((sum, offset) => sum + offset, 0)).toBe(1000);
    await kafka.caughtUp(groupOf('running'), inputOf('running'), () => api.get('running'));

    const pipeline = await api.get('running');
    const all = expectedOutcome(records, pipeline);
    const isLeft = (id: string) => {
      const [, partition, offset] = /\[(\d+)\]@(\d+)-/.exec(id) ?? [];
      return Number(offset) >= from(Number(partition));
    };
    const left = new Map([...all.documents].filter(([id]) => isLeft(id)));
    const actual = await actualOutcome(search, pipeline);
    expect(left.size).toBe(1000);
    expect(mapDifferences(left, actual.documents)).toEqual(noDifferences);
    const forwarded = all.forwarded.map((sequence, partition) => sequence.slice(from(partition)));
    expect(sequenceDifferences(forwarded, actual.forwarded)).toEqual([]);
    expect(actual.errors).toEqual([]);
  });

  it('shows the pipelines as the older service did, under its names of topics', async () => {
    const { tenant } = installation;
    expect((await api.request('GET', '/pipelines/running')).body).toMatchObject({
      ...{ id: 'running', name: 'Old running', tags: ['web', 'production'], comment: 'made by the older service' },
      ...{ builtin: false, output_type: 'index_base', index_base: base('running'), use_index_base_in_data: false },
      deployment_config: { cpu_limit: 2, memory_limit: 512, parallelism: 1, isolation: 'shared' },
      ...{ create_time: 1_600_000_000_000, update_time: 1_650_000_000_000 },
      creator: { id: 'u-creator', type: 'user', name: 'u-creator' },
      updater: { id: 'u-updater', type: 'app', name: 'u-updater' },
      input_topic: `${tenant}.mdl.sdp.input.running`,
      error_topic: `${tenant}.mdl.sdp.error.running`,
      output_topic: `${tenant}.mdl.out.${base('running')}`,
    });
    const { body } = await api.request<{ entries: PipelineBody[]; total_count: number }>('GET', '/pipelines?limit=-1');
    expect(body.total_count).toBe(8);
    expect(body.entries.map(({ id }) => id).toSorted()).toEqual(
      ['bad-config', 'close', 'error', 'no-base', 'no-id_', 'nulls', 'odd-status', 'running'].toSorted(),
    );
    const tagged = await api.request<{ total_count: number }>('GET', '/pipelines?tag=production&limit=1');
    expect(tagged.body.total_count).toBe(7);
  });

  it('lets run what was to run, also what was in error, and leaves closed what was closed', async () => {
    const { kafka } = installation;
    await runsExactly(await api.get('error'), 100);
    await api.waitFor('error', 'runs', ({ status, status_details: details }) => status === 'running' && details === '');
    expect(await row('error')).toMatchObject({ f_desired: 'running', f_creator: 'u-creator', f_update_time: 1.65e12 });

    expect(await api.get('close')).toMatchObject({ status: 'close' });
    expect(await row('close')).toMatchObject({ f_desired: 'close' });
    expect(await kafka.isIdle(groupOf('close'))).toBe(true);
    await api.setStatus('close', 'running');
    await runsExactly(await api.get('close'), 100);
  });

  it('takes defaults for what it cannot read in a row, and tells of it with the id', async () => {
    await runsExactly(await api.get('bad-config'), 50);
    await runsExactly(await api.get('nulls'), 50);
    expect(await api.get('nulls')).toMatchObject({
      ...{ tags: [], comment: '', builtin: false, use_index_base_in_data: false },
      deployment_config: { cpu_limit: 1, memory_limit: 1024, parallelism: 1, isolation: 'shared' },
    });
    expect(lines('bad-config')).toContainEqual(
      expect.objectContaining({ oddities: ['f_deployment_config is not a JSON object'] }),
    );
    expect(lines('nulls')).toContainEqual(
      expect.objectContaining({ oddities: ['f_tags is NULL', 'f_deployment_config is NULL'] }),
    );
  });

  it('takes over closed what it cannot run, and says why', async () => {
    const odd = await api.waitFor('odd-status', 'is closed', ({ status }) => status === 'close');
    expect(odd.status_details).toMatch(/f_pipeline_status was "halted".*start the pipeline/);
    await api.setStatus('odd-status', 'running');
    await runsExactly(await api.get('odd-status'), 50);

    const underscore = await api.waitFor('no-id_', 'is closed', ({ status }) => status === 'close');
    expect(underscore.status_details).toMatch(/cannot run under its id.*under another/);
    const start = await api.request('PUT', '/pipelines/no-id_/attrs/status', { status: 'running' });
    expect([start.status, start.body]).toEqual([
      400,
      expect.objectContaining({ error_code: 'StreamDataPipeline.InvalidParameter.PipelineID' }),
    ]);
    expect((await api.request('DELETE', '/pipelines/no-id_')).status).toBe(204);
  });

  it('waits for an index base that is not there, and then begins by itself', async () => {
    const { kafka, search } = installation;
    const waiting = await api.waitFor('no-base', 'says why', ({ status }) => status === 'error');
    expect(waiting.status_details).toContain(`there is no index base ${base('no-base')}`);
    expect(lines('no-base').map(({ msg }) => msg)).toContain('A pipeline of an older service cannot be taken over yet');
    expect(await kafka.isIdle(groupOf('no-base'))).toBe(true);
    await search.createBase(base('no-base'));
    await api.waitFor(
      'no-base',
      'runs',
      ({ status, status_details: details }) => status === 'running' && details === '',
    );
    await runsExactly(await api.get('no-base'), 50);
  });

  it('can be changed and deleted like its own', async () => {
    const { kafka } = installation;
    const change = { name: 'Renamed', index_base: base('error'), comment: 'now here' };
    expect((await api.request('PUT', '/pipelines/error', change)).status).toBe(204);
    expect(await api.get('error')).toMatchObject({
      name: 'Renamed',
      comment: 'now here',
      creator: { id: 'u-creator' },
    });
    expect((await row('error'))?.['f_updater']).not.toBe('u-updater');

    expect((await api.request('DELETE', '/pipelines/running')).status).toBe(409);
    const deleted = await api.request('DELETE', '/pipelines/running?force=true');
    expect([202, 204]).toContain(deleted.status);
    await waitUntil('it is gone', async () => (await api.request('GET', '/pipelines/running')).status === 404);
    const own = [inputOf('running'), `${installation.tenant}.mdl.sdp.error.running`];
    // A broker may list a topic for a moment longer than the controller has it.
    await waitUntil('its topics are gone', async () => {
      const topics = await kafka.topics();
      return own.every((topic) => !topics.includes(topic));
    });
    expect(await kafka.groups()).not.toContain(groupOf('running'));
  });

  it('takes over what the older service adds when it is back for a while, closed when it was closed', async () => {
    const { search } = installation;
    await program.stop();
    for (const status of ['close', 'running']) {
      await search.createBase(base(`later-${status}`));
      await insert({
        ...{ f_pipeline_id: `later-${status}`, f_index_base: base(`later-${status}`), f_pipeline_status: status },
      });
    }
    await start();
    const later = await waitUntil('it is taken over', async () => {
      const pipeline = await api.get('later-running');
      return pipeline.input_topic !== '' && pipeline;
    });
    await runsExactly(later, 50);
    expect(await api.get('later-close')).toMatchObject({ status: 'close', status_details: '' });
    expect(await row('later-close')).toMatchObject({ f_desired: 'close' });
  });
});
