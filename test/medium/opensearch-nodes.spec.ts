import { BulkTransport } from '../../src/platform/opensearch/bulk-transport.js';
import { OpenSearchAdmin } from '../../src/platform/opensearch/opensearch-admin.js';
import { uniqueSuffix } from '../support/environment.js';
import { SearchClient } from '../support/search-client.js';
import { SearchNode } from '../support/search-node.js';
import { waitUntil } from '../support/wait-until.js';
import { bulkBody, connectionTo, searchConfig, StandingClock } from './opensearch-fixture.js';

describe('bulk requests to several nodes', () => {
  const base = `${uniqueSuffix()}-nodes`;
  const search = new SearchClient();
  let nodes: [SearchNode, SearchNode, SearchNode];
  let clock: StandingClock;
  let transport: BulkTransport;
  let written: number;
  const write = () => transport.bulk(bulkBody(base, { [`d${written++}`]: `{"n":${written}}` }));
  const bulksOf = () => nodes.map((node) => node.bulks);

  beforeAll(() => search.createBase(base));
  afterAll(() => search.removeBases(base));
  beforeEach(async () => {
    nodes = [await SearchNode.start(), await SearchNode.start(), await SearchNode.start()];
    clock = new StandingClock();
    transport = new BulkTransport(connectionTo(nodes, { requestTimeoutMs: 5000 }), 2, clock);
    written = 0;
  });
  afterEach(async () => {
    transport.close();
    await Promise.all(nodes.map((node) => node.close()));
  });

  it('go to all of them in turn', async () => {
    for (let round = 0; round < 9; round++) {
      expect((await write()).status).toBe(200);
    }
    expect(bulksOf()).toEqual([3, 3, 3]);
  });

  it('pass over a dead one without a failure, and do not ask it until its time is over', async () => {
    await nodes[1].kill();
    for (let round = 0; round < 6; round++) {
      expect((await write()).status).toBe(200);
    }
    await nodes[1].revive();
    clock.advance(999);
    for (let round = 0; round < 4; round++) {
      expect((await write()).status).toBe(200);
    }
    expect(nodes[1].asked).toEqual([]);
    expect(bulksOf()).toEqual([5, 0, 5]);
    expect((await search.documents(`mdl-${base}`)).size).toBe(10);
  });

  it('come back to it when a probe after that time found it answering', async () => {
    await nodes[1].kill();
    await write();
    await write();
    await write();
    await nodes[1].revive();
    clock.advance(1000);
    await write();
    await waitUntil('the node that came back gets a bulk', async () => (await write()) && nodes[1].bulks > 0, {
      seen: () => nodes[1].asked,
    });
    expect(nodes[1].asked[0]).toBe('GET /');
  });

  it('fail while none answers, with the address of the node, and go on with the first one that returns', async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    for (let attempt = 0; attempt < 3; attempt++) {
      const failed = await write();
      expect(failed.status).toBe(0);
      expect(failed.failure).toMatch(/http:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED/);
      expect(await transport.isAnswering(1000)).toBe(false);
    }
    await nodes[2].revive();
    expect(await transport.isAnswering(1000)).toBe(true);
    expect((await write()).status).toBe(200);
    expect(bulksOf()).toEqual([0, 0, 1]);
  });

  it('that a node takes and never answers fail after the request time-out, and the next one has another node', async () => {
    transport.close();
    transport = new BulkTransport(connectionTo(nodes, { requestTimeoutMs: 2000 }), 2, clock);
    nodes[0].freeze();
    const answers = [await write(), await write(), await write()];
    const failed = answers.filter(({ status }) => status === 0);
    expect(failed).toMatchObject([{ failure: `${nodes[0].url}: no answer within 2000 ms` }]);
    expect(nodes[0].bulks).toBe(1);
    for (let round = 0; round < 3; round++) {
      expect((await write()).status).toBe(200);
    }
    expect(nodes[0].bulks).toBe(1);
  });

  it.each([502, 503, 504])(
    'that a node answers with %i are handed back, and the next one has another node',
    async (status) => {
      nodes[0].answerOnly(status);
      const statuses = [(await write()).status, (await write()).status, (await write()).status];
      expect(statuses.toSorted()).toEqual([200, 200, status]);
      expect([(await write()).status, (await write()).status, (await write()).status]).toEqual([200, 200, 200]);
      expect(nodes[0].bulks).toBe(1);
    },
  );

  it('are sent over a fresh connection when a kept-alive one has ended, and the node stays in its turn', async () => {
    transport.close();
    transport = new BulkTransport(connectionTo([nodes[0]]), 2, clock);
    expect((await write()).status).toBe(200);
    await nodes[0].kill();
    await nodes[0].revive();
    const again = await waitUntil('a bulk is written', async () => {
      const answer = await write();
      return answer.status > 0 && answer;
    });
    expect(again.status).toBe(200);
  });

  it('keep the path of a node’s address', async () => {
    transport.close();
    const connection = connectionTo([nodes[0]]);
    transport = new BulkTransport({ ...connection, nodes: [`${nodes[0].url}/search/`] }, 2, clock);
    await write();
    expect(nodes[0].asked).toEqual([expect.stringMatching(/^POST \/search\/_bulk\?/)]);
  });
});

describe('administration on several nodes', () => {
  let nodes: [SearchNode, SearchNode, SearchNode];
  let admin: OpenSearchAdmin;

  beforeEach(async () => {
    nodes = [await SearchNode.start(), await SearchNode.start(), await SearchNode.start()];
    admin = new OpenSearchAdmin(searchConfig(nodes));
  });
  afterEach(async () => {
    await admin.close();
    await Promise.all(nodes.map((node) => node.close()));
  });

  it('goes on while one of them answers', async () => {
    await nodes[0].kill();
    nodes[1].answerOnly(503);
    for (let call = 0; call < 6; call++) {
      expect(await admin.ping()).toMatch(/^\d+\./);
    }
    expect(nodes[1].asked.length).toBeLessThanOrEqual(1);
  });

  it('fails while none answers, naming the node, and goes on with the first one that returns', async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    await expect(admin.ping()).rejects.toMatchObject({
      code: 'OPENSEARCH_UNAVAILABLE',
      message: expect.stringMatching(/http:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED/),
    });
    await nodes[1].revive();
    await waitUntil('a node answers', async () => (await admin.ping().catch(() => '')) !== '');
  });
});
