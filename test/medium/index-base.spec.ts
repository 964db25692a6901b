import { randomUUID } from 'node:crypto';
import { OpenSearchIndexBases } from '../../src/platform/index-base/opensearch-index-bases.js';
import { OpenSearchAdmin } from '../../src/platform/opensearch/opensearch-admin.js';
import { closedPort, opensearch, removeIndices, testConfig } from './mgmt-fixture.js';

const prefix = `t${randomUUID().slice(0, 8)}`;

describe('index bases in OpenSearch', () => {
  const config = testConfig({});
  const admin = new OpenSearchAdmin(config.opensearch);
  let now = 0;
  const bases = [{ baseType: `${prefix}-metrics`, dataType: 'prom', category: 'metric' }];
  const provider = (autoCreate = true) => new OpenSearchIndexBases(admin, { autoCreate, bases }, () => now);

  afterAll(async () => {
    await removeIndices(`mdl-${prefix}*`);
    await admin.close();
  });

  it('are made with template, first index and write alias', async () => {
    const base = `${prefix}-made`;
    expect(await provider().create(base)).toEqual({ baseType: base, name: base, dataType: base, category: 'log' });
    const { body } = await opensearch(`/mdl-${base}`);
    const [index, made] = Object.entries(
      body as Record<string, { aliases: object; mappings: { properties: object } }>,
    )[0]!;
    expect(index).toBe(`mdl-${base}-000001`);
    expect(made.aliases).toEqual({ [`mdl-${base}`]: { is_write_index: true } });
    expect(made.mappings).toMatchObject({
      _meta: { data_type: base, category: 'log' },
      properties: {
        '@timestamp': { type: 'date', format: 'epoch_millis||strict_date_optional_time' },
        __write_time: { type: 'date', format: 'epoch_millis' },
        __pipeline_id: { type: 'keyword' },
      },
    });
  });

  it('take documents of any text, also a very long one', async () => {
    const base = `${prefix}-texts`;
    await provider().create(base);
    const document = {
      '@timestamp': 1,
      __write_time: 2,
      message: 'm'.repeat(40_000),
      host: 'h'.repeat(40_000),
      when: '2026-01-01',
    };
    expect((await opensearch(`/mdl-${base}/_doc`, 'POST', document)).status).toBe(201);
    expect((await opensearch(`/mdl-${base}/_doc`, 'POST', { '@timestamp': 1, when: 'no date at all' })).status).toBe(
      201,
    );
  });

  it('have the data type and category that are configured', async () => {
    const base = `${prefix}-metrics`;
    expect(await provider().ensure(base)).toEqual({ baseType: base, name: base, dataType: 'prom', category: 'metric' });
  });

  it('may be made by several at once, and again', async () => {
    const base = `${prefix}-race`;
    const made = await Promise.all(Array.from({ length: 6 }, () => provider().create(base)));
    expect(new Set(made.map((one) => JSON.stringify(one))).size).toBe(1);
    await provider().create(base);
    const { body } = await opensearch(`/_alias/mdl-${base}`);
    expect(Object.keys(body as object)).toEqual([`mdl-${base}-000001`]);
  });

  it('get back an alias that was lost', async () => {
    const base = `${prefix}-lost`;
    await provider().create(base);
    await opensearch(`/mdl-${base}-000001/_alias/mdl-${base}`, 'DELETE');
    expect(await provider(false).get(base)).toBeUndefined();
    expect(await provider().ensure(base)).toMatchObject({ baseType: base });
  });

  it('whose names begin alike keep their own mappings', async () => {
    await provider().create(`${prefix}-app-web`);
    await provider().create(`${prefix}-app`);
    const index = `mdl-${prefix}-app-web-000002`;
    await opensearch(`/${index}`, 'PUT');
    const { body } = await opensearch(`/${index}/_mapping`);
    expect(body).toMatchObject({ [index]: { mappings: { _meta: { data_type: `${prefix}-app-web` } } } });
  });

  it('that others made are known by their alias', async () => {
    const base = `${prefix}-foreign`;
    const aliases = { [`mdl-${base}`]: {} };
    await opensearch(`/mdl-${base}-x`, 'PUT', { aliases, mappings: { _meta: { category: 'trace', name: 'Spans' } } });
    expect(await provider(false).get(base)).toEqual({
      baseType: base,
      name: 'Spans',
      dataType: base,
      category: 'trace',
    });
  });

  it('do not exist without an alias, or with a name that cannot be one', async () => {
    await opensearch(`/mdl-${prefix}-plain`, 'PUT');
    expect(await provider().get(`${prefix}-plain`)).toBeUndefined();
    expect(await provider().get(`${prefix}-nothing`)).toBeUndefined();
    for (const name of ['', '_all', '*', 'Upper', '../x', 'a,b', 'x'.repeat(101)]) {
      expect(await provider().get(name)).toBeUndefined();
      expect(await provider().ensure(name)).toBeUndefined();
      await expect(provider().create(name)).rejects.toMatchObject({ code: 'INDEX_BASE_INVALID' });
    }
    await expect(provider().create(`${prefix}-a-000001`)).rejects.toMatchObject({ code: 'INDEX_BASE_INVALID' });
  });

  it('are not made where that is not allowed', async () => {
    expect(await provider(false).ensure(`${prefix}-never`)).toBeUndefined();
    expect((await opensearch(`/mdl-${prefix}-never`)).status).toBe(404);
  });

  it('are remembered: a yes for 60 s, a no for 30 s', async () => {
    const base = `${prefix}-cached`;
    const cached = provider(false);
    expect(await cached.get(base)).toBeUndefined();
    await provider().create(base);
    now += 29_999;
    expect(await cached.get(base)).toBeUndefined();
    now += 1;
    expect(await cached.get(base)).toBeDefined();
    await removeIndices(`mdl-${base}*`);
    now += 59_999;
    expect(await cached.get(base)).toBeDefined();
    expect(await cached.ensure(base)).toBeUndefined();
    expect(await cached.get(base)).toBeUndefined();
  });

  it('that cannot be made say why', async () => {
    await opensearch(`/mdl-${prefix}-taken`, 'PUT');
    await expect(provider().create(`${prefix}-taken`)).rejects.toMatchObject({
      code: 'INDEX_BASE_ERROR',
      message: expect.stringContaining('alias'),
    });
  });

  it('are unavailable while OpenSearch is', async () => {
    const away = new OpenSearchAdmin({ ...config.opensearch, nodes: [`http://127.0.0.1:${await closedPort()}`] });
    const one = new OpenSearchIndexBases(away, { autoCreate: true, bases: [] });
    const unavailable = { code: 'INDEX_BASE_UNAVAILABLE', retryable: true };
    await expect(one.get('web')).rejects.toMatchObject(unavailable);
    await expect(one.create('web')).rejects.toMatchObject(unavailable);
    await expect(one.ping()).rejects.toMatchObject(unavailable);
    await away.close();
  });

  it('are found on the node that answers', async () => {
    const nodes = [`http://127.0.0.1:${await closedPort()}`, ...config.opensearch.nodes];
    const several = new OpenSearchAdmin({ ...config.opensearch, nodes });
    const one = new OpenSearchIndexBases(several, { autoCreate: true, bases: [] });
    await provider().create(`${prefix}-failover`);
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(await one.ensure(`${prefix}-failover`)).toBeDefined();
    }
    await several.close();
  });
});
