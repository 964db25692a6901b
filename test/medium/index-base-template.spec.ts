import { OpenSearchIndexBases } from '../../src/platform/index-base/opensearch-index-bases.js';
import { OpenSearchAdmin } from '../../src/platform/opensearch/opensearch-admin.js';
import { openSearchUrl, uniqueSuffix } from '../support/environment.js';
import { removeIndices, testConfig } from './mgmt-fixture.js';

const prefix = uniqueSuffix();
const TWO_TO_63 = '9223372036854775808';
const TWO_TO_64 = '18446744073709551616';

/** An index base as the service makes it; what goes in and comes out is spelled as text, since a double holds less. */
class TemplateBase {
  readonly alias: string;

  constructor(base: string) {
    this.alias = `mdl-${base}`;
  }

  /** Undefined when the document was taken, else why it was not. */
  async write(id: string, source: string): Promise<string | undefined> {
    const answer = await this.ask('PUT', `/_doc/${id}?require_alias=true&refresh=true`, source);
    return answer.status < 300 ? undefined : `${answer.status} ${answer.text}`;
  }

  /** The document byte by byte. */
  async source(id: string): Promise<string> {
    return (await this.ask('GET', `/_source/${id}`)).text;
  }

  /** Ids of the documents that a query finds, in their order; undefined when OpenSearch refuses the query. */
  async found(query: string): Promise<string[] | undefined> {
    const { status, text } = await this.ask('POST', '/_search?size=100', `{"query":${query}}`);
    const { hits } = JSON.parse(text) as { hits?: { hits: { _id: string }[] } };
    return status === 200 ? hits?.hits.map(({ _id: id }) => id).toSorted() : undefined;
  }

  async mappingOf(field: string): Promise<unknown> {
    const { text } = await this.ask('GET', `/_mapping/field/${field}?include_defaults=true`);
    const [index] = Object.values(
      JSON.parse(text) as Record<string, { mappings: Record<string, { mapping: object }> }>,
    );
    return Object.values(index?.mappings[field]?.mapping ?? {})[0];
  }

  private async ask(method: string, path: string, body?: string): Promise<{ status: number; text: string }> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${openSearchUrl()}/${this.alias}${path}`, { method, ...(body && { headers, body }) });
    return { status: response.status, text: await response.text() };
  }
}

describe('documents of an index base that the service made', () => {
  const admin = new OpenSearchAdmin(testConfig({}).opensearch);
  const provider = new OpenSearchIndexBases(admin, { autoCreate: true, bases: [] });
  let made = 0;
  let base: TemplateBase;

  beforeEach(async () => {
    const name = `${prefix}-t${++made}`;
    await provider.create(name);
    base = new TemplateBase(name);
  });
  afterAll(async () => {
    await removeIndices(`mdl-${prefix}*`);
    await admin.close();
  });

  const numbers: readonly (readonly [id: string, spelling: string])[] = [
    ['one', '1'],
    ['most', '9223372036854775807'],
    ['least', '-9223372036854775808'],
    ['above', TWO_TO_63],
    ['unsigned', '18446744073709551615'],
    ['beyond', TWO_TO_64],
    ['below', '-9223372036854775809'],
    ['huge', '1e300'],
    ['long-decimal', '12345678901234567890.123'],
    ['half', '1.5'],
    ['digits', '9'.repeat(300)],
  ];

  // Whichever of them comes first decides the type of the field.
  describe.each(['one', 'above', 'below', 'unsigned', 'half', 'huge'])(
    'with numbers of any size, %s first',
    (first) => {
      it('are taken, keep every digit, and are found by their numbers', async () => {
        const ordered = numbers.toSorted(([a], [b]) => Number(b === first) - Number(a === first));
        for (const [id, spelling] of ordered) {
          expect([id, await base.write(id, `{"n":${spelling}}`)]).toEqual([id, undefined]);
        }
        for (const [id, spelling] of numbers) {
          expect(await base.source(id)).toBe(`{"n":${spelling}}`);
        }
        const isDecimal = first === 'half' || first === 'huge';
        const field = isDecimal ? 'n' : 'n.double';
        expect(await base.found(`{"term":{"${field}":1.5}}`)).toEqual(['half']);
        // A double has 53 bits: what differs only behind them is found together.
        expect(await base.found(`{"term":{"${field}":${TWO_TO_64}}}`)).toEqual(['beyond', 'unsigned']);
        expect(await base.found(`{"range":{"${field}":{"gt":1e20}}}`)).toEqual(['digits', 'huge']);
        expect(await base.found(`{"range":{"${field}":{"lt":-9e18}}}`)).toEqual(['below', 'least']);
        if (!isDecimal) {
          expect(await base.found('{"term":{"n":9223372036854775807}}')).toEqual(['most']);
          expect(await base.found('{"term":{"n":-9223372036854775808}}')).toEqual(['least']);
          expect(await base.found(`{"term":{"n":${TWO_TO_63}}}`)).toBeUndefined();
          expect(await base.found('{"term":{"_ignored":"n"}}')).toEqual(
            ['above', 'below', 'beyond', 'digits', 'huge', 'long-decimal', 'unsigned'].toSorted(),
          );
        }
      });
    },
  );

  it.each([
    ['1', '1e400'],
    ['1.5', '1e400'],
    ['1', `1${'0'.repeat(309)}`],
    ['1', '"none"'],
    ['1.5', '"none"'],
    [TWO_TO_63, '"none"'],
    ['1', 'true'],
    ['1', '{"of":"another kind"}'],
    ['1', '[2,"x"]'],
    ['true', '"yes"'],
  ])('are refused when a number field (%s) is given %s, which alone is lost', async (first, second) => {
    expect(await base.write('first', `{"n":${first}}`)).toBeUndefined();
    expect(await base.write('second', `{"n":${second}}`)).toMatch(/^400 .*\[n(\.double)?\]/);
    expect(await base.write('third', `{"n":${first}}`)).toBeUndefined();
  });

  it('hold a number beyond a double only as text', async () => {
    expect(await base.write('a', '{"n":1e400}')).toMatch(/^400 .*finite/);
    expect(await base.write('b', '{"n":"1e400"}')).toBeUndefined();
    expect(await base.found('{"term":{"n":"1e400"}}')).toEqual(['b']);
  });

  it('keep texts of any length; the short ones are found by their whole value', async () => {
    const [short, long, immense] = ['x'.repeat(1024), 'y'.repeat(1025), 'z'.repeat(32_767)];
    for (const [id, value] of Object.entries({ short, long, immense, wide: '\u{1f600}'.repeat(20_000) })) {
      expect(await base.write(id, JSON.stringify({ note: value, message: value }))).toBeUndefined();
      expect(await base.source(id)).toBe(JSON.stringify({ note: value, message: value }));
    }
    expect(await base.found(`{"term":{"note":"${short}"}}`)).toEqual(['short']);
    expect(await base.found(`{"term":{"note":"${long}"}}`)).toEqual([]);
    const unfound = '{"bool":{"must_not":{"exists":{"field":"note"}}}}';
    expect(await base.found(unfound)).toEqual(['immense', 'long', 'wide']);
  });

  it('are found by a word of their message', async () => {
    await base.write('a', '{"message":"connection refused by peer"}');
    expect(await base.found('{"match":{"message":"REFUSED"}}')).toEqual(['a']);
    expect(await base.found('{"term":{"message.keyword":"connection refused by peer"}}')).toEqual(['a']);
  });

  it('keep texts that look like dates or numbers as texts', async () => {
    for (const [id, when] of Object.entries({ a: '2026-01-01', b: '2026/01/02 10:00:00', c: 'tomorrow', d: '12' })) {
      expect(await base.write(id, JSON.stringify({ when }))).toBeUndefined();
    }
    expect(await base.found('{"term":{"when":"2026-01-01"}}')).toEqual(['a']);
    expect(await base.mappingOf('when')).toMatchObject({ type: 'keyword', ignore_above: 1024 });
  });

  it('have a time by which they are found, and keep to it', async () => {
    expect(await base.write('ms', '{"@timestamp":1767225600000,"__write_time":1767225600000}')).toBeUndefined();
    expect(await base.write('negative', '{"@timestamp":-1}')).toBeUndefined();
    expect(await base.found('{"range":{"@timestamp":{"gte":"2026-01-01T00:00:00Z"}}}')).toEqual(['ms']);
    expect(await base.write('no-time', `{"@timestamp":${TWO_TO_63}}`)).toMatch(/^400 .*@timestamp/);
  });

  it('have annotations that are whole words, without norms, with columns to sort and count by', async () => {
    const names = ['__id', '__pipeline_id', '__index_base', '__data_type', '__category', '__tsid', '__routing'];
    for (const name of [...names, '__of_the_record']) {
      await base.write(name, `{"${name}":"a b"}`);
      expect(await base.mappingOf(name)).toMatchObject({
        ...{ type: 'keyword', norms: false, doc_values: true, index: true, ignore_above: 1024 },
      });
      expect(await base.found(`{"term":{"${name}":"a b"}}`)).toEqual([name]);
    }
    await base.write('number', '{"__id":18446744073709551616}');
    expect(await base.found(`{"term":{"__id":"${TWO_TO_64}"}}`)).toEqual(['number']);
  });

  it('may be as deep as a record may be', async () => {
    const nested = (name: string, levels: number) => `{"${name}":`.repeat(levels) + '"x"' + '}'.repeat(levels);
    for (const levels of [20, 21, 200]) {
      expect([levels, await base.write(`deep-${levels}`, nested(`d${levels}`, levels))]).toEqual([levels, undefined]);
    }
    const path = Array.from({ length: 200 }, () => 'd200').join('.');
    expect(await base.found(`{"term":{"${path}":"x"}}`)).toEqual(['deep-200']);
    const list = `{"list":${'['.repeat(199)}1${']'.repeat(199)}}`;
    expect(await base.write('list', list)).toBeUndefined();
  });

  it('may have fields with any name but a few, which cost their document alone', async () => {
    const taken = { dots: '{"a.b":1,"a":{"c":2}}', space: '{" ":1}', one: '{"_own":"x"}', words: '{"键 *":1}' };
    for (const [id, source] of Object.entries(taken)) {
      expect([id, await base.write(id, source)]).toEqual([id, undefined]);
    }
    expect(await base.found('{"term":{"a.b":1}}')).toEqual(['dots']);
    expect(await base.found('{"term":{"_own":"x"}}')).toEqual(['one']);
    const refused = ['{"":1}', '{".":1}', '{".x":1}', '{"x..y":1}', '{"_id":"1"}', '{"_source":1}', '{"a":1}'];
    for (const source of refused) {
      expect([source, await base.write('refused', source)]).toEqual([source, expect.stringMatching(/^400 /)]);
    }
  });

  it('with new fields beyond the limit are refused, those without are taken', async () => {
    const fields = (from: number, count: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${from + n}`, 'x'])));
    expect(await base.write('many', fields(0, 1900))).toBeUndefined();
    expect(await base.write('too-many', fields(1900, 100))).toMatch(/^400 .*Limit of total fields \[2000\]/);
    expect(await base.write('again', fields(0, 1900))).toBeUndefined();
    expect(await base.found('{"term":{"f1899":"x"}}')).toEqual(['again', 'many']);
  });
});
