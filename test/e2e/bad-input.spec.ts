import { pipelineRequest } from '../factories/pipeline-request.js';
import type { ApiClient, ErrorBody } from '../support/api-client.js';
import { Installation } from '../support/installation.js';

describe('a request that cannot be fulfilled', () => {
  let installation: Installation;
  let api: ApiClient;
  let base: string;

  beforeAll(async () => {
    installation = await Installation.make('bad-input', { SDP_INDEXBASE_AUTOCREATE: 'false' });
    api = installation.api(await installation.start(['--role', 'mgmt']));
    base = installation.indexBase();
    await installation.search.createBase(base);
    await api.create(pipelineRequest(base, { id: 'taken', name: 'Taken' }));
  });
  afterAll(() => installation.remove());

  const valid = () => pipelineRequest(base, { id: 'fresh', name: 'Fresh' });
  const code = (name: string) => `StreamDataPipeline.${name}`;

  it.each([
    ['a body that is no JSON', () => '{"name": ', 400, 'InvalidParameter.RequestBody'],
    ['a body that is no object', () => '[1, 2]', 400, 'InvalidParameter.RequestBody'],
    ['a body with an unknown field', () => ({ ...valid(), nmae: 'x' }), 400, 'InvalidParameter.RequestBody'],
    ['an id with capitals', () => ({ ...valid(), id: 'Fresh' }), 400, 'InvalidParameter.PipelineID'],
    ['an id that is too long', () => ({ ...valid(), id: 'a'.repeat(41) }), 400, 'LengthExceeded.PipelineID'],
    ['no name', () => ({ ...valid(), name: undefined }), 400, 'NullParameter.PipelineName'],
    ['a name that is too long', () => ({ ...valid(), name: '漢'.repeat(41) }), 400, 'LengthExceeded.PipelineName'],
    ['no index base', () => ({ ...valid(), index_base: undefined }), 400, 'NullParameter.IndexBase'],
    [
      'an index base that does not exist',
      () => ({ ...valid(), index_base: 'nowhere' }),
      400,
      'InvalidParameter.IndexBase',
    ],
    ['an id that is taken', () => ({ ...valid(), id: 'taken' }), 403, 'Duplicated.PipelineID'],
    ['a name that is taken', () => ({ ...valid(), name: 'Taken' }), 403, 'Duplicated.PipelineName'],
    [
      'too much memory',
      () => ({ ...valid(), deployment_config: { memory_limit: 8193 } }),
      400,
      'OutOfRange.MemoryLimit',
    ],
    [
      'an input topic that does not exist',
      () => ({ ...valid(), input_topic: 'no.such.topic' }),
      400,
      'InvalidParameter.InputTopic',
    ],
  ])('is refused for %s, with the code, and makes nothing', async (_, body, status, name) => {
    const topicsBefore = await installation.kafka.topics();

    const answer = await api.request<ErrorBody>('POST', '/pipelines', body());

    expect(answer).toMatchObject({ status, body: { error_code: code(name) } });
    expect(Object.keys(answer.body).sort()).toEqual([
      'description',
      'error_code',
      'error_details',
      'error_link',
      'solution',
    ]);
    expect(answer.body.error_details).toMatchObject({ request_id: answer.headers.get('x-request-id') });
    expect(await installation.kafka.topics()).toEqual(topicsBefore);
    expect(await api.request('GET', '/pipelines/fresh')).toMatchObject({ status: 404 });
    expect(await api.request('GET', '/pipelines')).toMatchObject({ body: { total_count: 1 } });
  });

  it.each([
    ['GET', '/pipelines/nobody', undefined, 404, 'NotFound.Pipeline'],
    ['PUT', '/pipelines/nobody/attrs/status', { status: 'close' }, 404, 'NotFound.Pipeline'],
    ['PUT', '/pipelines/taken/attrs/status', { status: 'paused' }, 400, 'InvalidParameter.Status'],
    ['PUT', '/pipelines/taken/attrs/name', { status: 'close' }, 400, 'InvalidParameter.Fields'],
    ['GET', '/pipelines?limit=0', undefined, 400, 'InvalidParameter.Limit'],
    ['GET', '/pipelines?colour=red', undefined, 400, 'InvalidParameter.QueryParameter'],
    ['GET', '/nothing', undefined, 404, 'NotFound.Route'],
  ])('is answered with a code: %s %s', async (method, path, body, status, name) => {
    expect(await api.request(method, path, body)).toMatchObject({ status, body: { error_code: code(name) } });
  });

  it('explains itself in Chinese when asked to', async () => {
    const response = await fetch(`${api.base}/pipelines/nobody`, { headers: { 'accept-language': 'zh-CN' } });

    expect(await response.json()).toMatchObject({ description: '管道不存在' });
  });

  it('lets exactly one of several creates with the same name win', async () => {
    const requests = Array.from({ length: 8 }, (_, n) => pipelineRequest(base, { id: `racer-${n}`, name: 'Racer' }));

    const answers = await Promise.all(requests.map((request) => api.request('POST', '/pipelines', request)));

    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 7 }, () => 403)]);
    expect(await api.request('GET', '/pipelines?name_pattern=Racer')).toMatchObject({ body: { total_count: 1 } });
    const inputs = (await installation.kafka.topics()).filter((topic) => topic.includes('.sdp.racer-'));
    expect(inputs).toHaveLength(2);
  });
});
