import { OpenSearchAdmin } from '../../src/platform/opensearch/opensearch-admin.js';
import type { OpenSearchConfig } from '../../src/config/opensearch-config.js';
import { uniqueSuffix } from '../support/environment.js';
import { SearchClient } from '../support/search-client.js';
import { SearchNode } from '../support/search-node.js';
import { TestAuthority, type IssuedFiles } from '../support/test-authority.js';
import { bulkBody, connectionTo, searchConfig, tlsFiles, withTransport } from './opensearch-fixture.js';

const login = { username: 'sdp', password: 'correct horse' };

describe('OpenSearch over TLS', () => {
  const base = `${uniqueSuffix()}-tls`;
  const search = new SearchClient();
  const nodes: SearchNode[] = [];
  let authority: TestAuthority;
  let stranger: TestAuthority;
  let server: IssuedFiles;
  let client: IssuedFiles;

  const started = async (...options: Parameters<typeof SearchNode.start>) => {
    const node = await SearchNode.start(...options);
    nodes.push(node);
    return node;
  };
  const write = (to: readonly SearchNode[], changes: Partial<OpenSearchConfig>) =>
    withTransport(connectionTo(to, changes), (transport) => transport.bulk(bulkBody(base, { one: '{"n":1}' })));
  const ask = async (of: SearchNode, changes: Partial<OpenSearchConfig>) => {
    const admin = new OpenSearchAdmin(searchConfig([of], changes));
    return admin.ping().finally(() => admin.close());
  };

  beforeAll(async () => {
    [authority, stranger] = [await TestAuthority.create('ours'), await TestAuthority.create('theirs')];
    server = await authority.issue('server', { names: ['127.0.0.1'] });
    client = await authority.issue('client');
    await search.createBase(base);
  });
  afterEach(() => Promise.all(nodes.splice(0).map((node) => node.close())));
  afterAll(async () => {
    await search.removeBases(base);
    authority.remove();
    stranger.remove();
  });

  it('is read and written when its authority is the one of opensearch.tls.caFile', async () => {
    const node = await started({ tls: server });
    const tls = tlsFiles(authority.caFile);
    expect((await write([node], { tls })).status).toBe(200);
    expect(await ask(node, { tls })).toMatch(/^\d+\./);
  });

  it('is written to in turn with nodes that speak http', async () => {
    const [secure, plain] = [await started({ tls: server }), await started()];
    await withTransport(connectionTo([secure, plain], { tls: tlsFiles(authority.caFile) }), async (transport) => {
      for (let round = 0; round < 4; round++) {
        expect((await transport.bulk(bulkBody(base, { [`mixed-${round}`]: '{}' }))).status).toBe(200);
      }
    });
    expect([secure.bulks, plain.bulks]).toEqual([2, 2]);
  });

  it('lets a client in by its certificate, also one with an encrypted key', async () => {
    const node = await started({ tls: { ...server, clientCaFile: authority.caFile } });
    const locked = await authority.issue('locked', { passphrase: 'sesame' });
    for (const tls of [tlsFiles(authority.caFile, client), tlsFiles(authority.caFile, locked, 'sesame')]) {
      expect((await write([node], { tls })).status).toBe(200);
      expect(await ask(node, { tls })).toMatch(/^\d+\./);
    }
  });

  it('sees a renewed client certificate at the next connection', async () => {
    const node = await started({ tls: { ...server, clientCaFile: authority.caFile } });
    const files = await stranger.issue('client');
    await withTransport(connectionTo([node], { tls: tlsFiles(authority.caFile, files) }), async (transport) => {
      const body = bulkBody(base, { renewed: '{}' });
      expect((await transport.bulk(body)).status).toBe(0);
      await authority.renew(files, 'client');
      expect((await transport.bulk(body)).status).toBe(200);
    });
  });

  describe('tells what is wrong and which setting mends it:', () => {
    interface Case {
      /** What the node presents and asks for. */
      serves: () => Promise<SearchNode>;
      tls?: () => OpenSearchConfig['tls'] | Promise<OpenSearchConfig['tls']>;
      /** To reach it with http in place of https, or the other way round. */
      isOtherProtocol?: boolean;
      told: RegExp;
    }
    const cases: Record<string, Case> = {
      'another authority': {
        serves: () => started({ tls: server }),
        tls: () => tlsFiles(stranger.caFile),
        told: /not trusted .*opensearch\.tls\.caFile must hold/,
      },
      'no authority': {
        serves: () => started({ tls: server }),
        told: /not trusted .*opensearch\.tls\.caFile must hold/,
      },
      'another name': {
        serves: async () => started({ tls: await authority.issue('other', { names: ['other.example'] }) }),
        tls: () => tlsFiles(authority.caFile),
        told: /for another name .*127\.0\.0\.1.* in opensearch\.nodes/,
      },
      'a certificate whose time is over': {
        serves: async () => started({ tls: await authority.issue('old', { names: ['127.0.0.1'], isExpired: true }) }),
        tls: () => tlsFiles(authority.caFile),
        told: /not valid now .*expired.*renew it/,
      },
      'no client certificate': {
        serves: () => started({ tls: { ...server, clientCaFile: authority.caFile } }),
        tls: () => tlsFiles(authority.caFile),
        told: /certificate required.*opensearch\.tls\.certFile and opensearch\.tls\.keyFile/,
      },
      'a client certificate of another authority': {
        serves: () => started({ tls: { ...server, clientCaFile: authority.caFile } }),
        tls: async () => tlsFiles(authority.caFile, await stranger.issue('client')),
        told: /opensearch\.tls\.certFile and opensearch\.tls\.keyFile/,
      },
      'http in place of https': {
        serves: () => started({ tls: server }),
        isOtherProtocol: true,
        told: /if it serves https, write https:\/\/ in opensearch\.nodes/,
      },
      'https in place of http': {
        serves: () => started(),
        isOtherProtocol: true,
        told: /does not speak TLS: correct the address in opensearch\.nodes/,
      },
      'a file that is not there': {
        serves: () => started({ tls: server }),
        tls: () => tlsFiles('/nowhere/ca.pem'),
        told: /a file of opensearch\.tls cannot be read .*\/nowhere\/ca\.pem/,
      },
      'a wrong pass phrase': {
        serves: () => started({ tls: server }),
        tls: async () => tlsFiles(authority.caFile, await authority.issue('locked', { passphrase: 'sesame' }), 'wrong'),
        told: /opensearch\.tls\.keyPassphrase must be/,
      },
      'a key of another certificate': {
        serves: () => started({ tls: server }),
        tls: async () => {
          const other = await authority.issue('other');
          return tlsFiles(authority.caFile, { ...client, keyFile: other.keyFile });
        },
        told: /opensearch\.tls\.keyFile is not the private key/,
      },
    };

    it.each(Object.keys(cases))('%s', async (name) => {
      const { serves, tls, isOtherProtocol = false, told } = cases[name]!;
      const node = await serves();
      const files = tls ? await tls() : tlsFiles('');
      const url = isOtherProtocol ? otherProtocol(node.url) : node.url;
      const settings = { tls: files, nodes: [url] };
      const answer = await write([node], settings);
      expect(answer.status).toBe(0);
      expect(answer.failure).toMatch(told);
      await expect(ask(node, settings)).rejects.toMatchObject({
        code: 'OPENSEARCH_UNAVAILABLE',
        message: expect.stringMatching(told),
      });
    });
  });
});

describe('OpenSearch with a log-in', () => {
  let node: SearchNode;

  beforeEach(async () => {
    node = await SearchNode.start({ login });
  });
  afterEach(() => node.close());

  it('answers who has the right one', async () => {
    const admin = new OpenSearchAdmin(searchConfig([node], login));
    expect(await admin.ping()).toMatch(/^\d+\./);
    await admin.close();
    await withTransport(connectionTo([node], login), async (transport) => {
      expect(await transport.isAnswering(5000)).toBe(true);
      // The base is not there: the answer is one of OpenSearch itself.
      expect((await transport.bulk(bulkBody('not-there', { a: '{}' }))).status).toBe(200);
    });
  });

  it.each([
    ['a wrong password', { ...login, password: 'wrong' }],
    ['no log-in', {}],
  ])('refuses %s, which names the settings and not the password', async (_, given) => {
    const admin = new OpenSearchAdmin(searchConfig([node], given));
    await expect(admin.ping()).rejects.toMatchObject({
      code: 'OPENSEARCH_ERROR',
      message: expect.stringMatching(/denies access.*401.*opensearch\.username and opensearch\.password/),
    });
    await admin.close();
    const { status } = await withTransport(connectionTo([node], given), (transport) =>
      transport.bulk(bulkBody('not-there', { a: '{}' })),
    );
    expect(status).toBe(401);
  });
});

function otherProtocol(url: string): string {
  return url.startsWith('https:') ? url.replace('https:', 'http:') : url.replace('http:', 'https:');
}
