import { uniqueSuffix } from '../support/environment.js';
import { SearchClient } from '../support/search-client.js';
import { SearchNode } from '../support/search-node.js';
import { bulkBody, connectionTo, withTransport } from './opensearch-fixture.js';

describe('compressed bulk requests', () => {
  const base = `${uniqueSuffix()}-gzip`;
  const search = new SearchClient();
  let node: SearchNode;

  beforeAll(() => search.createBase(base));
  beforeEach(async () => {
    node = await SearchNode.start();
  });
  afterEach(() => node.close());
  afterAll(() => search.removeBases(base));

  const write = (documents: Readonly<Record<string, string>>, gzip = true) =>
    withTransport(connectionTo([node], { gzip }), (transport) => transport.bulk(bulkBody(base, documents)));

  it('write the same bytes as plain ones, whatever the script and however long', async () => {
    const documents: Record<string, string> = {
      numbers: '{"n":9007199254740993,"m":12.50,"e":1E+2}',
      scripts: JSON.stringify({ text: 'Grüße, 日本語, 𝒳 👩‍👩‍👧, \u2028 \u0000 "quoted" \\ é é' }),
      spaced: '{ "a" : [ 1 , 2 ] , "b" : { } }',
    };
    for (let number = 0; number < 5000; number++) {
      documents[`many-${number}`] = JSON.stringify({ number, text: `línea ${number} `.repeat(1 + (number % 40)) });
    }
    const answer = await write(documents);
    expect(answer.failure).toBe('');
    expect(JSON.parse(answer.body.toString())).toMatchObject({ errors: false });
    expect(node.contentEncodings).toEqual(['gzip']);
    const found = await search.documents(`mdl-${base}`);
    expect(Object.fromEntries(found)).toEqual(documents);
  });

  it('have the same answer as plain ones, refusals included', async () => {
    const documents = Object.fromEntries(
      Array.from({ length: 300 }, (_, number) => [
        `r${number}`,
        number % 3 === 0 ? `{"bad":${'['.repeat(3)}` : '{"ok":1}',
      ]),
    );
    const [compressed, plain] = [await write(documents), await write(documents, false)];
    expect(compressed.status).toBe(200);
    expect(statusesOf(compressed.body).filter((status) => status === 400)).toHaveLength(100);
    expect(statusesOf(compressed.body).map(isWritten)).toEqual(statusesOf(plain.body).map(isWritten));
  });

  it('stay as they are when they are small', async () => {
    expect((await write({ small: '{"a":1}' })).status).toBe(200);
    expect(node.contentEncodings).toEqual([undefined]);
  });
});

function statusesOf(body: Buffer): number[] {
  const { items } = JSON.parse(body.toString()) as { items: { index: { status: number } }[] };
  return items.map((item) => item.index.status);
}

function isWritten(status: number): boolean {
  return status === 200 || status === 201;
}
