import { createHmac } from 'node:crypto';
import { documented, dropped, rejectedBy } from '../factories/handled-record.js';
import type { InputRecord } from '../factories/input-record.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { readCommittedRecords } from '../support/committed-records.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';

const pepper = 'a key that stands nowhere else';
const pseudonym = (user: string) => createHmac('sha256', pepper).update(user).digest('hex');

const handlers = [
  { type: 'drop', when: { field: 'level', in: ['debug', 'trace'] } },
  { type: 'reject', reason: 'no tenant: {message}', when: { not: { field: 'tenant', exists: true } } },
  {
    type: 'grok',
    field: 'message',
    patterns: ['^%{IP:client.ip} %{WORD:method} %{NUMBER:ms:float}$'],
    when: { field: 'message', matches: '^[0-9]' },
  },
  { type: 'convert', field: 'status', to: 'integer' },
  { type: 'convert', field: 'quota', to: 'float', on_error: 'keep' },
  { type: 'convert', field: 'port', to: 'integer', on_error: 'drop' },
  { type: 'date', field: 'time', formats: ['epoch_s'], target: 'seen', on_error: 'reject' },
  { type: 'hash', fields: ['user'], secret: 'pepper' },
  { type: 'jsonata', expression: '$sum(items.(price * quantity))', target: 'total' },
  { type: 'redact', presets: ['email'], within: ['note'] },
  { type: 'lowercase', fields: ['level'] },
  { type: 'remove', fields: ['debug'] },
  { type: 'set', field: 'summary', template: '{tenant}/{method}' },
];
const items = '[{"price":2.50,"quantity":2},{"price":1.00,"quantity":3}]';

/** What a record says of why it is in the error topic. */
interface Explained {
  value: string;
  headers: Record<string, string>;
}

describe('the handlers of a pipeline', () => {
  let installation: Installation;
  let api: ApiClient;

  beforeAll(async () => {
    installation = await Installation.make('handlers', { SDP_HANDLERS_SECRETS: `pepper=${pepper}` });
    api = installation.api(await installation.start(['--role', 'all']));
  });
  afterAll(() => installation.remove());

  async function process(pipeline: PipelineBody, records: InputRecord[]): Promise<void> {
    await installation.kafka.produce(pipeline.input_topic, records);
    await expectExactOutcome(installation, pipeline, records, () => api.tasks(pipeline.id));
  }

  async function explained({ error_topic }: PipelineBody): Promise<Explained[]> {
    const errors = await readCommittedRecords(error_topic);
    return errors.map(({ value, headers }) => ({ value: String(value), headers }));
  }

  it('change what they name and nothing else, and leave out what they are told to', async () => {
    const pipeline = await api.create(pipelineRequest(installation.indexBase('types'), { handlers }));
    await process(pipeline, [
      documented(
        `{"level":"INFO", "tenant":"a","message":"10.0.0.7 GET 1.50","status":"200","user":"ann","items":${items},"big":9007199254740993,"debug":{"n":1}}`,
        `{"level":"info", "tenant":"a","message":"10.0.0.7 GET 1.50","status":200,"user":"${pseudonym('ann')}","items":${items},"big":9007199254740993,"client":{"ip":"10.0.0.7"},"method":"GET","ms":1.50,"total":8,"summary":"a/GET"}`,
      ),
      documented(
        '{"tenant":"b","quota":"none","ratio":1.5E+3,"note":"ask ann@example.com","time":1767225601}',
        '{"tenant":"b","quota":"none","ratio":1.5E+3,"note":"ask ***","time":1767225601,"seen":1767225601000}',
      ),
      documented('{"tenant":"c","port":"8080"}', '{"tenant":"c","port":8080}'),
      dropped('{"level":"debug","message":"10.0.0.7 cut short"}'),
      dropped('{"tenant":"d","port":"none"}'),
    ]);
    expect(await explained(pipeline)).toEqual([]);
  });

  it('say of each record that they refuse which handler did, why, and by which revision', async () => {
    const pipeline = await api.create(pipelineRequest(installation.indexBase('refused'), { handlers }));
    const plain = '10.0.0.7 "plain" text\twith\nlines';
    const refused: [type: string, code: string, reason: string, value: string][] = [
      ['reject', 'HANDLER_REJECTED', 'handlers[1] (reject): no tenant: hello', '{"message":"hello","n":1.0}'],
      ['reject', 'HANDLER_REJECTED', `handlers[1] (reject): no tenant: ${plain}`, plain],
      [
        ...(['grok', 'HANDLER_FAILED'] as const),
        'handlers[2] (grok): message is "10.0.0.7 cut short", which does not match the pattern',
        '{"tenant":"a", "message":"10.0.0.7 cut short"}',
      ],
      [
        ...(['date', 'HANDLER_FAILED'] as const),
        'handlers[6] (date): time is the text "yesterday"; it should be a time in one of the formats epoch_s',
        '{"tenant":"a","time":"yesterday","user":"ann"}',
      ],
      [
        ...(['jsonata', 'HANDLER_FAILED'] as const),
        'handlers[8] (jsonata): the expression has no value: The left side of the "*" operator must evaluate to a number',
        '{"tenant":"a","user":"ann","items":[{"price":"x","quantity":1}]}',
      ],
    ];
    const records = refused.map(([type, code, , value]) => ({
      ...rejectedBy(type, code, value),
      headers: { trace: type },
    }));
    await process(pipeline, records);

    const [task] = await api.tasks(pipeline.id);
    const expected = refused.map(([type, code, reason, value], offset) => ({
      value,
      headers: {
        trace: type,
        __pipeline_id: pipeline.id,
        __error_code: code,
        __error_reason: reason,
        __error_stage: `handler:${type}`,
        __error_attempts: expect.stringMatching(/^\d+$/),
        __error_time: expect.stringMatching(/^\d{13}$/),
        __error_revision: String(task?.revision),
        __source_topic: pipeline.input_topic,
        __source_partition: '0',
        __source_offset: String(offset),
        __source_timestamp: String(records[offset]?.timestamp),
        '__connect.errors.topic': pipeline.input_topic,
        '__connect.errors.partition': '0',
        '__connect.errors.offset': String(offset),
        '__connect.errors.exception.message': reason,
      },
    }));
    expect(await explained(pipeline)).toEqual(expected);
  });
});
