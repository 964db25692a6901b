import { flowBatch, statesOf } from '../../../../test/factories/flow-batches.js';
import {
  allWritten,
  BUSY,
  CONFLICT,
  MAPPING,
  perDocument,
  requestAnswer,
  type Responder,
  ScriptedSearch,
  WRITTEN,
} from '../../../../test/factories/scripted-search.js';
import { ItemState } from '../batch/item-state.js';
import { BulkSender } from './bulk-sender.js';

const { Indexed, Superseded, Rejected } = ItemState;

async function send(ids: string[], respond: Responder, hasDocumentVersion = false) {
  const batch = await flowBatch(
    ids.map((__id, n) => ({ value: { n, __id } })),
    { documentVersion: hasDocumentVersion ? 'offset' : 'none' },
  );
  const search = new ScriptedSearch(respond);
  const sender = new BulkSender(search.ports, {
    failureThreshold: 10,
    hasDocumentVersion,
    indexBaseProvider: 'opensearch',
  });
  await sender.send(batch, new AbortController().signal);
  return { states: statesOf(batch), sent: search.sent };
}

describe('records of one id in a bulk', () => {
  it('that wait for a retry are dropped as superseded once a newer one is written', async () => {
    const { states, sent } = await send(
      ['a', 'b', 'a', 'a'],
      perDocument(({ document }, request) =>
        request === 1 && [0, 1, 3].includes(document['n'] as number) ? BUSY : WRITTEN,
      ),
    );
    expect(sent).toEqual([
      [0, 1, 2, 3],
      [1, 3],
    ]);
    expect(states).toEqual([Superseded, Indexed, Indexed, Indexed]);
  });

  it('are sent again, in order, when the newer one waits as well', async () => {
    const { states, sent } = await send(
      ['a', 'a'],
      perDocument((_sent, request) => (request === 1 ? BUSY : WRITTEN)),
    );
    expect(sent).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(states).toEqual([Indexed, Indexed]);
  });

  it('are sent again when the newer one was refused: what is there is the last that could be written', async () => {
    const { states, sent } = await send(
      ['a', 'a'],
      perDocument(({ document }, request) => (document['n'] === 1 ? MAPPING : request === 1 ? BUSY : WRITTEN)),
    );
    expect(sent).toEqual([[0, 1], [0]]);
    expect(states).toEqual([Indexed, Rejected]);
  });

  it('that wait for a retry are dropped when the newer one found a still newer version', async () => {
    const { states, sent } = await send(
      ['a', 'a'],
      perDocument(({ document }) => (document['n'] === 1 ? CONFLICT : BUSY)),
      true,
    );
    expect([states, sent]).toEqual([[Superseded, Superseded], [[0, 1]]]);
  });

  it.each([
    ['is busy for', 429],
    ['does not answer', 503],
  ])('keep their order when a request had to be split and OpenSearch %s the older half', async (_what, status) => {
    const { states, sent } = await send(['a', 'b', 'a', 'c'], (documents, request, body) => {
      if (request === 1) {
        return requestAnswer(413);
      }
      return request === 2 ? requestAnswer(status) : allWritten(documents, request, body);
    });
    expect(sent).toEqual([[0, 1, 2, 3], [0, 1], [2, 3], [1]]);
    expect(states).toEqual([Superseded, Indexed, Indexed, Indexed]);
  });
});
