import { jsonRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { ApiClient, ErrorBody } from '../support/api-client.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { HealthProbe } from '../support/health-probe.js';
import { IndexBaseServer } from '../support/index-base-server.js';
import { Installation } from '../support/installation.js';
import { quotedTexts } from '../support/troubleshooting-guide.js';
import type { ProgramProcess } from '../support/program-process.js';
import { waitUntil } from '../support/wait-until.js';

const token = 'token of the index-base service';

describe('an installation whose index bases an external service keeps', () => {
  let server: IndexBaseServer;
  let installation: Installation;
  let api: ApiClient;
  let mgmt: ProgramProcess;
  let worker: ProgramProcess;

  beforeAll(async () => {
    server = await IndexBaseServer.start();
    installation = await Installation.make('index-base-service', {
      SDP_INDEXBASE_PROVIDER: 'http',
      SDP_INDEXBASE_URL: server.url,
      SDP_INDEXBASE_TOKEN: token,
      SDP_SERVER_FAILURETHRESHOLD: '2',
    });
    mgmt = await installation.start(['--role', 'mgmt']);
    worker = await installation.start(['--role', 'worker']);
    api = installation.api(mgmt);
  });
  afterAll(async () => {
    await installation.remove();
    await server.close();
  });
  afterEach(() => server.heal());

  /** What the service and whoever keeps OpenSearch do for a base. */
  const keep = async (name: string, dataType?: string) => {
    const base = installation.indexBase(name);
    server.add({ base_type: base, name, data_type: dataType ?? base, category: 'log' });
    await installation.search.createBase(base);
    return base;
  };
  const refused = async (request: object) => api.request<ErrorBody>('POST', '/pipelines', request);

  it('writes what the service says of a base, and makes nothing of it itself', async () => {
    const { kafka, search } = installation;
    const base = await keep('kept');
    const pipeline = await api.create(pipelineRequest(base));
    const records = jsonRecords({ count: 500, partitions: 1 });
    await kafka.produce(pipeline.input_topic, records);

    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
    expect(await search.hasTemplate(`mdl-${base}`)).toBe(false);
    expect(server.authorization).toBe(`Bearer ${token}`);
  });

  it('asks it for bases that records name', async () => {
    const { kafka, search, group } = installation;
    const named = await keep('named', 'nginx');
    const request = pipelineRequest(await keep('own'), { name: 'from data', use_index_base_in_data: true });
    const pipeline = await api.create(request);
    const [first, second, ...others] = jsonRecords({ count: 10, partitions: 1 });
    await kafka.produce(pipeline.input_topic, [
      { ...first!, value: Buffer.from(`{"__index_base":"${named}"}`) },
      { ...second!, value: Buffer.from(`{"__index_base":"${installation.indexBase('nobody-knows')}"}`) },
      ...others,
    ]);

    await kafka.caughtUp(group(pipeline.id), pipeline.input_topic, () => api.get(pipeline.id));
    const [document = ''] = (await search.documents(`mdl-${named}`)).values();
    expect(JSON.parse(document)).toMatchObject({ __index_base: named, __data_type: 'nginx', __category: 'log' });
    expect((await search.documents(`mdl-${pipeline.index_base}`)).size).toBe(others.length);
  });

  it.each<{ what: string; prepare: () => void; status: number; code: string }>([
    { what: 'does not know the base', prepare: () => server.heal(), status: 400, code: 'InvalidParameter.IndexBase' },
    {
      ...{ what: 'does not answer', prepare: () => server.answer((_, response) => response.destroy()) },
      ...{ status: 503, code: 'ServiceUnavailable.IndexBase' },
    },
    {
      ...{ what: 'is overloaded', prepare: () => server.answerBody(503, '{}') },
      ...{ status: 503, code: 'ServiceUnavailable.IndexBase' },
    },
    {
      ...{ what: 'answers nonsense', prepare: () => server.answerBody(200, '<html>') },
      ...{ status: 500, code: 'InternalError.IndexBase' },
    },
  ])('refuses a create with $status when the service $what', async ({ what, prepare, status, code }) => {
    prepare();
    const { kafka } = installation;
    const answer = await refused({
      ...pipelineRequest(installation.indexBase('refused'), { name: what }),
      id: 'refused',
    });
    expect([answer.status, answer.body.error_code]).toEqual([status, `StreamDataPipeline.${code}`]);
    expect(Number(answer.headers.get('retry-after')) > 0).toBe(status === 503);
    expect(JSON.stringify(answer.body)).not.toContain(token);
    expect((await api.request('GET', '/pipelines/refused')).status).toBe(404);
    expect((await kafka.topics()).filter((topic) => topic.includes('.refused.'))).toEqual([]);
  });

  it('shows on both roles that the service is away, and goes on with what runs', async () => {
    const { kafka } = installation;
    const pipeline = await api.create(pipelineRequest(await keep('outage')));
    const probes = [mgmt, worker].map(({ url }) => new HealthProbe(url));
    server.answerBody(500, '{}');
    for (const probe of probes) {
      const { index_base: told } = await probe.downIs(['index_base']);
      expect(told).toContain(server.url);
      expect(told).toContain('indexBase.url');
      expect(await probe.isReady()).toBe(true);
    }
    expect(await worker.metrics()).toContain('sdp_dependency_up{dependency="index_base"} 0');
    const records = jsonRecords({ count: 200, partitions: 1 });
    await kafka.produce(pipeline.input_topic, records);
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
    server.heal();
    await Promise.all(probes.map((probe) => probe.downIs([])));
  });

  it('says that a missing alias is for the service to make, and goes on when it is there', async () => {
    const { kafka, search } = installation;
    const base = installation.indexBase('no-alias');
    server.add({ base_type: base, name: base, data_type: base, category: 'log' });
    const pipeline = await api.create(pipelineRequest(base));
    const records = jsonRecords({ count: 100, partitions: 1 });
    await kafka.produce(pipeline.input_topic, records);

    await api.waitFor(pipeline.id, 'is in error', ({ status }) => status === 'error');
    const task = await waitUntil('the task says why', async () => {
      return (await api.tasks(pipeline.id)).find(({ state }) => state === 'error');
    });
    const [, ofTheService] = quotedTexts('INDEX_BASE_MISSING');
    expect(task).toMatchObject({ cause_code: 'INDEX_BASE_MISSING', cause: expect.stringMatching(ofTheService!) });
    expect(await search.hasAlias(`mdl-${base}`)).toBe(false);

    await search.createBase(base);
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
  });

  it('never writes the token into its log', () => {
    for (const program of [mgmt, worker]) {
      expect(program.log()).not.toContain(token);
    }
  });
});
