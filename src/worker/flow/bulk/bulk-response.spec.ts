import { parseBulkResponse } from './bulk-response.js';

const parse = (body: unknown, items: number) =>
  parseBulkResponse(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), items);
const written = (count: number) => ({
  errors: false,
  items: Array.from({ length: count }, (_, n) => ({ index: { status: n % 2 ? 200 : 201 } })),
});

describe('the answer of a bulk', () => {
  it.each([1, 2, 1000])('says that all %i are written', (count) => {
    expect(parse(written(count), count)).toEqual({ kind: 'all_written' });
  });

  it('says the same in another spelling', () => {
    const body = JSON.stringify(written(2), undefined, 1);
    const answer = { status: 201, errorType: '', reason: '' };
    expect(parse(body, 2)).toEqual({ kind: 'items', items: [answer, { ...answer, status: 200 }] });
  });

  it('tells each item in the order of the request, with OpenSearch’s type and reason', () => {
    const error = {
      type: 'mapper_parsing_exception',
      reason: 'failed to parse [n]',
      caused_by: { reason: 'no number' },
    };
    const items = [
      { index: { status: 400, error } },
      { index: { status: 201 } },
      { create: { status: 429, error: {} } },
    ];
    expect(parse({ errors: true, items }, 3)).toEqual({
      kind: 'items',
      items: [
        { status: 400, errorType: 'mapper_parsing_exception', reason: 'failed to parse [n]: no number' },
        { status: 201, errorType: '', reason: '' },
        { status: 429, errorType: '', reason: '' },
      ],
    });
  });

  it('does not tell the same reason twice', () => {
    const error = { type: 't', reason: 'same', caused_by: { reason: 'same' } };
    expect(parse({ errors: true, items: [{ index: { status: 400, error } }] }, 1)).toMatchObject({
      items: [{ reason: 'same' }],
    });
  });

  it.each([
    ['fewer items', JSON.stringify(written(2)), 3],
    ['more items', JSON.stringify(written(3)), 2],
    ['no items for some', '{"errors":false,"items":[]}', 1],
    ['a cut body', JSON.stringify(written(3)).slice(0, -2), 3],
    ['an empty body', '', 1],
    ['a page of a proxy', '<html>502</html>', 1],
    ['no object', 'null', 1],
    ['no list', '{"items":{"0":1}}', 1],
    ['an item without a status', '{"items":[{"index":{}}]}', 1],
    ['an item that is nothing', '{"items":[null]}', 1],
    ['an item of no action', '{"items":[{}]}', 1],
    ['an item that is no object', '{"items":[17]}', 1],
  ])('is unusable with %s', (_what, body, count) => {
    expect(parse(body, count)).toBeUndefined();
  });

  it('is not taken for written when it only is as long', () => {
    const body = JSON.stringify({ errors: true, items: [{ index: { status: 429 } }, { index: { status: 201 } }] });
    expect(parse(body.padEnd(JSON.stringify(written(2)).length), 2)).toMatchObject({ kind: 'items' });
  });
});
