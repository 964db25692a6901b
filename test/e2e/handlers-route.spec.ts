import type { InputRecord } from '../factories/input-record.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { readCommittedRecords } from '../support/committed-records.js';
import { Installation } from '../support/installation.js';

/** Where a record has to end: in an index base and its output topic, or in the error topic for this reason. */
type Destination = { base: string } | { code: string; stage: string; reason: string };

interface Routed {
  value: string;
  /** Without what the service adds. */
  document: string;
  to: Destination;
}

describe('records that handlers route', () => {
  let installation: Installation;
  let api: ApiClient;
  const base = (name: string) => installation.indexBase(name);
  /** Pipelines that make the bases which are routed to; they tell their output topics. */
  let owners: Map<string, PipelineBody>;

  beforeAll(async () => {
    installation = await Installation.make('route');
    api = installation.api(await installation.start(['--role', 'all']));
    owners = new Map();
    for (const name of ['orders', 'payments']) {
      owners.set(base(name), await api.create(pipelineRequest(base(name))));
    }
  });
  afterAll(() => installation.remove());

  const route = () => ({
    type: 'route',
    field: 'service',
    table: { checkout: base('orders'), card: base('payments'), lost: base('nowhere') },
  });
  const missing = (): Destination => ({
    code: 'INDEX_BASE_NOT_FOUND',
    stage: 'annotate',
    reason: `no index base "${base('nowhere')}" is known`,
  });

  /** Sends the records through the pipeline, and expects each where it belongs, exactly once, and nothing else there. */
  async function expectRouted(pipeline: PipelineBody, routed: readonly Routed[]): Promise<void> {
    const timestamp = Date.now();
    const records = routed.map(({ value }): InputRecord => ({
      ...{ partition: 0, key: null, headers: {}, timestamp },
      ...{ value: Buffer.from(value), expected: { outcome: 'skipped' as const } },
    }));
    await installation.kafka.produce(pipeline.input_topic, records);
    await installation.kafka.caughtUp(installation.group(pipeline.id), pipeline.input_topic, () =>
      api.tasks(pipeline.id),
    );

    const outputs = new Map([...owners].map(([name, owner]) => [name, owner.output_topic]));
    for (const [name, topic] of outputs.set(pipeline.index_base, pipeline.output_topic)) {
      const expected = routed.flatMap(({ document, to }, offset) => {
        const id = `${pipeline.id}[0]@${offset}-${timestamp}`;
        return 'base' in to && to.base === name
          ? [[id, annotated(document, { id, name, pipeline, timestamp })] as const]
          : [];
      });
      const ofPipeline = <T>(entries: [string, T][]) => entries.filter(([id]) => id.startsWith(`${pipeline.id}[`));
      const documents = await installation.search.documents(`mdl-${name}`);
      expect(ofPipeline([...documents]).toSorted()).toEqual(expected.toSorted());
      const forwarded = await readCommittedRecords(topic);
      const own = forwarded.filter(({ headers }) => headers['__pipeline_id'] === pipeline.id);
      expect(own.map(({ value }) => String(value))).toEqual(expected.map(([, document]) => document));
    }
    const errors = await readCommittedRecords(pipeline.error_topic);
    expect(
      errors.map(({ value, headers: { __error_code, __error_stage, __error_reason, __source_offset } }) => [
        ...[String(value), __source_offset, __error_code, __error_stage, __error_reason],
      ]),
    ).toEqual(
      routed.flatMap(({ value, to }, offset) =>
        'code' in to ? [[value, String(offset), to.code, to.stage, to.reason]] : [],
      ),
    );
  }

  it('go to the alias and the output topic of their base; one that is not there rejects them', async () => {
    const pipeline = await api.create(pipelineRequest(base('own'), { handlers: [route()] }));
    const plain = (value: string, to: Destination) => ({ value, document: value, to });
    await expectRouted(pipeline, [
      plain('{"service":"checkout","total":9.90}', { base: base('orders') }),
      plain('{"service":"card"}', { base: base('payments') }),
      plain('{"service":"lost"}', missing()),
      plain('{"n":1}', { base: base('own') }),
      plain('{"service":"checkout","n":9007199254740993}', { base: base('orders') }),
      plain('{"service":"other"}', {
        code: 'HANDLER_FAILED',
        stage: 'handler:route',
        reason: 'handlers[0] (route): service is "other", which the table does not have; add it, or a default',
      }),
    ]);
  });

  it('do not go where their producer has them go, when handlers alone may say so', async () => {
    const pipeline = await api.create(pipelineRequest(base('strict'), { handlers: [route()] }));
    const named = JSON.stringify(base('payments'));
    await expectRouted(pipeline, [
      { value: `{"__index_base":${named},"n":1}`, document: '{"n":1}', to: { base: base('strict') } },
      { value: `{"n":2,"__index_b\\u0061se":${named}}`, document: '{"n":2}', to: { base: base('strict') } },
      {
        value: `{"__index_base":${named},"service":"checkout"}`,
        document: '{"service":"checkout"}',
        to: { base: base('orders') },
      },
    ]);
  });

  it('go where their producer has them go, when the pipeline takes bases from data, unless a handler says otherwise', async () => {
    const pipeline = await api.create(
      pipelineRequest(base('open'), { use_index_base_in_data: true, handlers: [route()] }),
    );
    const named = JSON.stringify(base('payments'));
    await expectRouted(pipeline, [
      { value: `{"__index_base":${named},"n":1}`, document: '{"n":1}', to: { base: base('payments') } },
      {
        value: `{"__index_base":${named},"service":"checkout"}`,
        document: '{"service":"checkout"}',
        to: { base: base('orders') },
      },
      { value: `{"__index_base":"${base('nowhere')}"}`, document: '{}', to: missing() },
    ]);
  });
});

function annotated(
  document: string,
  { id, name, pipeline, timestamp }: { id: string; name: string; pipeline: PipelineBody; timestamp: number },
): string {
  const members = [
    `"__pipeline_id":"${pipeline.id}"`,
    `"__index_base":"${name}"`,
    `"__data_type":"${name}"`,
    `"__category":"log"`,
    `"__write_time":${timestamp}`,
    `"@timestamp":${timestamp}`,
    `"__id":"${id}"`,
  ];
  return `${document.slice(0, -1)},${members.join(',')}}`;
}
