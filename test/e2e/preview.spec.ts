import { openSearchUrl } from '../support/environment.js';
import { readCommittedRecords } from '../support/committed-records.js';
import { Installation } from '../support/installation.js';
import type { ApiClient } from '../support/api-client.js';
import { hitsOf } from '../support/search-hits.js';
import { waitUntil } from '../support/wait-until.js';

interface Entry {
  source: { topic?: string; partition: number; offset: number; timestamp: number };
  result: string;
  document?: string;
  index?: string;
  id?: string;
  routing?: string;
  output_topic?: string;
  error?: { code: string; reason: string; stage: string };
}

const handlers = [
  { type: 'rename', from: 'msg', to: 'message' },
  { type: 'drop', when: { field: 'level', equals: 'debug' } },
  { type: 'convert', field: 'status', to: 'integer' },
  { type: 'date', field: 'time', formats: ['iso8601'] },
  { type: 'hash', fields: ['user'], secret: 'pepper' },
  { type: 'jsonata', expression: '$sum(items.(price * quantity))', target: 'total' },
  { type: 'reject', reason: 'unpaid {order}', when: { field: 'paid', equals: false } },
  { type: 'route', field: 'team', table: { ops: 'REPLACED' }, ignore_missing: true, on_error: 'keep' },
];
/** What a document becomes is shown; what OpenSearch says of it then, only OpenSearch knows: it takes all of these. */
const values = [
  '{"order":9007199254740993,"amount":12.50,"msg":"p\\u0061id"}',
  '{ "order" : 9007199254740995,\n "msg":"two lines" }',
  'plain text',
  '{"level":"debug"}',
  '{"status":"200","n":[1.0,-0.0]}',
  '{"status":"many"}',
  '{"time":"2025-06-01T12:00:00.123456Z"}',
  '{"time":"yesterday"}',
  '{"user":"ann","other":"日志 📈"}',
  '{"items":[{"price":2.50,"quantity":2},{"price":1.50,"quantity":3}]}',
  '{"order":7,"paid":false}',
  '{"team":"ops","a":1}',
  '{"team":"nobody","a":1}',
  '{"__id":"own","a":1}',
  '{"__id":null,"a":1}',
  '{"__category":"trace","SpanContext":{"TraceID":"4bf92f3577b34da6a3ce929d0e0e4736"},"a":1}',
  '{"__category":"metric","prometheus":{"labels":{"job":"a"}},"value":1.50}',
  `{"deep":${'['.repeat(250)}${']'.repeat(250)}}`,
  '\ufeff{"marked":1}',
  '',
];

describe('what a preview shows', () => {
  let installation: Installation;
  let api: ApiClient;
  let entries: Entry[];
  let given: Entry[];
  const base = (name: string) => installation.indexBase(name);

  beforeAll(async () => {
    installation = await Installation.make('preview', { SDP_HANDLERS_SECRETS: 'pepper=salt' });
    api = installation.api(await installation.start(['--role', 'all']));
    await api.create({ id: 'other', name: 'Other', index_base: base('ops') });
    const text = JSON.stringify(handlers).replace('REPLACED', base('ops'));
    const pipeline = { id: 'shown', name: 'Shown', index_base: base('web'), document_version: 'offset' };
    const { input_topic: topic } = await api.create({ ...pipeline, handlers: JSON.parse(text) as object[] });
    const timestamp = Date.now() - 60_000;
    await installation.kafka.produce(
      topic,
      [...values, null].map((value, n) => ({
        ...{ partition: n % 2, key: null, headers: {}, timestamp: timestamp + n, expected: { outcome: 'skipped' } },
        value: value === null ? null : Buffer.from(value),
      })),
    );
    await installation.kafka.caughtUp(installation.group('shown'), topic, () => api.tasks('shown'));
    entries = await preview({ peek: { last: 100 } });
    const records = entries.map(({ source: { partition, offset, timestamp: time } }) => {
      const n = time - timestamp;
      return { value: n < values.length ? values[n] : null, partition, offset, timestamp: time };
    });
    given = await preview({ records });
  });
  afterAll(() => installation.remove());

  async function preview(body: object): Promise<Entry[]> {
    const answer = await api.request<{ entries: Entry[] }>('POST', '/pipelines/preview', { id: 'shown', ...body });
    expect([answer.status, answer.status === 200 ? '' : answer.body]).toEqual([200, '']);
    return answer.body.entries;
  }
  const documents = () => entries.filter(({ result }) => result === 'document');

  it('has every outcome, so that what follows sees something', () => {
    expect(entries).toHaveLength(values.length + 1);
    expect(new Set(entries.map(({ result }) => result))).toEqual(
      new Set(['document', 'rejected', 'dropped', 'skipped']),
    );
    expect(documents().length).toBeGreaterThan(10);
  });

  it('is what the workers have written to OpenSearch: text, id, index and routing', async () => {
    const wanted = documents().map(({ document, id, index, routing }) => ({ document, id, index, routing }));
    const written = await waitUntil('every document is in OpenSearch', async () => {
      const found = await writtenTo([`mdl-${base('web')}`, `mdl-${base('ops')}`]);
      return found.length >= wanted.length && found;
    });
    expect(sortedById(written)).toEqual(sortedById(wanted));
  });

  it('is what they have forwarded, and where', async () => {
    for (const topic of new Set(documents().map(({ output_topic: output = '' }) => output))) {
      const wanted = documents().filter(({ output_topic: output }) => output === topic);
      const forwarded = (await readCommittedRecords(topic)).map(({ value }) => joined(String(value)));
      expect(forwarded.toSorted()).toEqual(wanted.map(({ document = '' }) => document).toSorted());
    }
  });

  it('is what they have rejected, with code, stage and reason', async () => {
    const { error_topic: topic } = await api.get('shown');
    const rejected = (await readCommittedRecords(topic)).map(({ headers }) => ({
      code: String(headers['__error_code']),
      stage: String(headers['__error_stage']),
      reason: String(headers['__error_reason']),
    }));
    const wanted = entries.flatMap(({ error }) =>
      error ? [{ code: error.code, stage: error.stage, reason: error.reason }] : [],
    );
    expect(wanted.length).toBeGreaterThan(3);
    expect(sortedBy(rejected, ({ code, reason }) => code + reason)).toEqual(
      sortedBy(wanted, ({ code, reason }) => code + reason),
    );
  });

  it('is the same for records that are given', () => {
    const withoutTopic = entries.map(({ source: { topic: _topic, ...source }, ...entry }) => ({ source, ...entry }));
    expect(given).toEqual(withoutTopic);
  });

  async function writtenTo(aliases: readonly string[]) {
    const found: { document: string; id: string; index: string; routing: string | undefined }[] = [];
    for (const index of aliases) {
      await fetch(`${openSearchUrl()}/${index}/_refresh`, { method: 'POST' });
      const text = await (await fetch(`${openSearchUrl()}/${index}/_search?size=1000`)).text();
      const { hits } = JSON.parse(text) as { hits: { hits: { _id: string; _routing?: string }[] } };
      const routings = new Map(hits.hits.map(({ _id, _routing }) => [_id, _routing]));
      found.push(
        ...hitsOf(text).hits.map(({ id, source }) => ({ document: source, id, index, routing: routings.get(id) })),
      );
    }
    return found;
  }
});

/** In a bulk body raw line breaks are spaces; the forwarded record keeps them. */
function joined(document: string): string {
  return document.replaceAll(/[\r\n]/g, ' ');
}

function sortedById<T extends { id?: string }>(list: readonly T[]): T[] {
  return sortedBy(list, ({ id = '' }) => id);
}

function sortedBy<T>(list: readonly T[], key: (one: T) => string): T[] {
  return list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
