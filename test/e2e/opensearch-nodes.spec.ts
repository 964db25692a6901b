import { copyFileSync, readFileSync } from 'node:fs';
import { mixedRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { ErrorBody } from '../support/api-client.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { SearchNode } from '../support/search-node.js';
import { TestAuthority, type IssuedFiles } from '../support/test-authority.js';
import { waitUntil } from '../support/wait-until.js';

const partitions = 4;

interface Health {
  details: { opensearch: { status: string; message?: string } };
}

describe('three nodes of OpenSearch, of which one dies while records flow', () => {
  let installation: Installation;
  let nodes: [SearchNode, SearchNode, SearchNode];

  beforeAll(async () => {
    nodes = [await SearchNode.start(), await SearchNode.start(), await SearchNode.start()];
    installation = await Installation.make('opensearch-nodes', {
      SDP_SERVER_FLUSHITEMS: '200',
      SDP_OPENSEARCH_NODES: nodes.map(({ url }) => url).join(','),
    });
  });
  afterAll(async () => {
    await installation.remove();
    await Promise.all(nodes.map((node) => node.close()));
  });

  it('take the records of the dead one, and the pipeline neither fails nor loses nor doubles anything', async () => {
    const { kafka, group } = installation;
    const program = await installation.start(['--role', 'all']);
    const api = installation.api(program);
    const pipeline = await api.create(
      pipelineRequest(installation.indexBase(), { settings: { input_partitions: partitions } }),
    );
    const seen = () => api.get(pipeline.id);
    const records = mixedRecords({ count: 15_000, partitions });
    await kafka.produce(pipeline.input_topic, records);
    await kafka.midStream(group(pipeline.id), pipeline.input_topic, seen);
    await waitUntil('each node has had a bulk', () => nodes.every(({ bulks }) => bulks > 0));
    const before = nodes.map(({ bulks }) => bulks);

    await nodes[1].kill();

    await expectExactOutcome(installation, pipeline, records, seen);
    expect(nodes[0].bulks).toBeGreaterThan(before[0]!);
    expect(nodes[2].bulks).toBeGreaterThan(before[2]!);
    expect(readFileSync(program.logFile, 'utf8')).not.toContain('task failed');
  });
});

describe('OpenSearch over TLS with a log-in, asked with compressed bodies', () => {
  const login = { username: 'sdp', password: 'correct horse' };
  let authority: TestAuthority;
  let stranger: TestAuthority;
  let trusted: IssuedFiles;
  let node: SearchNode;
  let installation: Installation;

  beforeAll(async () => {
    [authority, stranger] = [await TestAuthority.create('ours'), await TestAuthority.create('theirs')];
    trusted = await authority.issue('trusted');
    const server = await authority.issue('server', { names: ['127.0.0.1'] });
    const client = await authority.issue('client');
    copyFileSync(authority.caFile, trusted.certFile);
    node = await SearchNode.start({ tls: { ...server, clientCaFile: authority.caFile }, login });
    installation = await Installation.make('opensearch-tls', {
      SDP_SERVER_FLUSHITEMS: '200',
      SDP_OPENSEARCH_NODES: node.url,
      SDP_OPENSEARCH_USERNAME: login.username,
      SDP_OPENSEARCH_PASSWORD: login.password,
      SDP_OPENSEARCH_GZIP: 'true',
      SDP_OPENSEARCH_TLS_CAFILE: trusted.certFile,
      SDP_OPENSEARCH_TLS_CERTFILE: client.certFile,
      SDP_OPENSEARCH_TLS_KEYFILE: client.keyFile,
    });
  });
  afterAll(async () => {
    await installation.remove();
    await node.close();
    authority.remove();
    stranger.remove();
  });

  it('is written to; an authority that is not trusted is named everywhere, and the right one needs no restart', async () => {
    const { kafka } = installation;
    const program = await installation.start(['--role', 'all']);
    const api = installation.api(program);
    const pipeline = await api.create(
      pipelineRequest(installation.indexBase(), { settings: { input_partitions: partitions } }),
    );
    const seen = () => api.get(pipeline.id);
    const before = mixedRecords({ count: 2000, partitions });
    const during = mixedRecords({ count: 500, partitions, from: before.length });
    await kafka.produce(pipeline.input_topic, before);
    await expectExactOutcome(installation, pipeline, before, seen);

    copyFileSync(stranger.caFile, trusted.certFile);
    await node.kill();
    await node.revive();
    await kafka.produce(pipeline.input_topic, during);
    const waiting = await api.waitFor(pipeline.id, 'names a cause', ({ status_details: details }) => details !== '');
    expect(waiting.status_details).toContain('opensearch.tls.caFile');
    const refused = await api.request<ErrorBody>(
      'POST',
      '/pipelines',
      pipelineRequest(installation.indexBase('other')),
    );
    expect(refused.status).toBe(503);
    expect(refused.body.error_details['reason']).toContain('opensearch.tls.caFile');
    const health = (await (await fetch(`${program.url}/health`)).json()) as Health;
    expect(health.details.opensearch).toMatchObject({
      status: 'down',
      message: expect.stringContaining('opensearch.tls.caFile'),
    });

    copyFileSync(authority.caFile, trusted.certFile);
    await expectExactOutcome(installation, pipeline, [...before, ...during], seen);
    await waitUntil('health is well again', async () => {
      const { details } = (await (await fetch(`${program.url}/health`)).json()) as Health;
      return details.opensearch.status === 'up';
    });
    expect(new Set(node.contentEncodings)).toContain('gzip');
    expect(readFileSync(program.logFile, 'utf8')).not.toContain(login.password);
  });
});
