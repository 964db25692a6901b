import { pino } from 'pino';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../../src/config/database-config.js';
import { Database } from '../../src/platform/database/database.js';
import { databaseOptions } from '../../src/platform/database/database-options.js';
import { runMigrations } from '../../src/platform/database/migrate.js';
import { testConfig } from './mgmt-fixture.js';
import { TestAuthority, type IssuedFiles } from '../support/test-authority.js';
import { TlsMariaDb } from './tls-mariadb.js';

const silent = pino({ level: 'silent' });
const unavailable = (told: RegExp) => ({
  code: 'DATABASE_UNAVAILABLE',
  retryable: true,
  message: expect.stringMatching(told),
});

describe('MariaDB over TLS', () => {
  let authority: TestAuthority;
  let stranger: TestAuthority;
  let server: TlsMariaDb;
  let client: IssuedFiles;
  let serverFiles: IssuedFiles;
  const databases: Database[] = [];

  /** Not by way of the settings' own check: files that were good at the start may not be later. */
  const configured = (tls: Partial<DatabaseConfig['tls']>, changes: Partial<DatabaseConfig> = {}): DatabaseConfig => {
    const config = testConfig(server.environment).database;
    return { ...config, ...changes, tls: { ...config.tls, enabled: true, ...tls } };
  };
  const connected = async (config: DatabaseConfig) => {
    const database = new Database(new DataSource(databaseOptions(config, silent, {})));
    databases.push(database);
    await database.connect();
    return database;
  };
  const cipherOf = async (database: Database) => {
    const rows = await database.run((manager) => manager.query<{ Value: string }[]>("SHOW STATUS LIKE 'Ssl_cipher'"));
    return rows[0]?.Value;
  };

  beforeAll(async () => {
    [authority, stranger] = [await TestAuthority.create('ours'), await TestAuthority.create('theirs')];
    client = await authority.issue('client');
    serverFiles = await authority.issue('server', { names: ['localhost'] });
    server = await TlsMariaDb.start(serverFiles, authority.caFile);
  }, 120_000);
  afterEach(() => Promise.all(databases.splice(0).map((database) => database.close())));
  afterAll(async () => {
    await server.remove();
    authority.remove();
    stranger.remove();
  });

  it('is migrated and used encrypted', async () => {
    const config = configured({ caFile: authority.caFile });
    expect(await runMigrations(config, silent)).not.toEqual([]);
    expect(await cipherOf(await connected(config))).toMatch(/^TLS/);
  });

  it('lets an account in that must show a certificate, also with an encrypted key', async () => {
    const account = { username: server.certified };
    const locked = await authority.issue('locked', { passphrase: 'sesame' });
    for (const files of [client, { ...locked, keyPassphrase: 'sesame' }]) {
      const config = configured({ caFile: authority.caFile, ...files }, account);
      expect(await cipherOf(await connected(config))).toMatch(/^TLS/);
    }
  });

  it('sees a renewed certificate at the next connection of the pool, and survives one that is half written', async () => {
    const files = await authority.issue('renewed');
    const config = configured({ caFile: authority.caFile, ...files }, { username: server.certified });
    const database = await connected(config);
    /** The cipher of a second connection, which is made while the first one is in use. */
    const ofNext = () => database.run(() => cipherOf(database));
    await stranger.renew(files, 'renewed');
    await expect(ofNext()).rejects.toMatchObject(unavailable(/database\.tls\.certFile and database\.tls\.keyFile/));
    const { keyFile } = await authority.issue('aside');
    await authority.renew({ ...files, keyFile }, 'renewed');
    await expect(ofNext()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await authority.renew(files, 'renewed');
    expect(await ofNext()).toMatch(/^TLS/);
  });

  it('refuses a server whose certificate is for another name', async () => {
    const config = configured({ caFile: authority.caFile, ...client }, { username: server.certified });
    const administrator = await connected(config);
    const serveAs = async (name: string) => {
      await authority.renew(serverFiles, 'server', { names: [name] });
      await administrator.run((manager) => manager.query('FLUSH SSL'));
    };
    await serveAs('other.example');
    await expect(connected(config)).rejects.toMatchObject(unavailable(/another name .*other\.example.*database\.host/));
    await serveAs('localhost');
    expect(await cipherOf(await connected(config))).toMatch(/^TLS/);
  });

  it.each<[string, () => DatabaseConfig | Promise<DatabaseConfig>, RegExp]>([
    [
      'another authority',
      () => configured({ caFile: stranger.caFile }),
      /not trusted .*database\.tls\.caFile must hold/,
    ],
    ['no authority', () => configured({}), /not trusted .*database\.tls\.caFile must hold/],
    [
      'an address in place of a name',
      () => configured({ caFile: authority.caFile }, { host: '127.0.0.1' }),
      /database\.host is an address .*use the name/,
    ],
    [
      'no client certificate',
      () => configured({ caFile: authority.caFile }, { username: server.certified }),
      /ER_ACCESS_DENIED_ERROR .*database\.tls\.certFile and database\.tls\.keyFile/,
    ],
    [
      'a file that is not there',
      () => configured({ caFile: '/nowhere/ca.pem' }),
      /a file of database\.tls cannot be read .*\/nowhere\/ca\.pem/,
    ],
    [
      'a key of another certificate',
      async () => configured({ caFile: authority.caFile, ...client, keyFile: (await authority.issue('x')).keyFile }),
      /database\.tls\.keyFile is not the private key/,
    ],
    [
      'a server without TLS',
      () => testConfig({ SDP_DATABASE_HOST: 'localhost', SDP_DATABASE_TLS_ENABLED: 'true' }).database,
      /does not offer TLS; .*database\.tls\.enabled/,
    ],
  ])('tells what is wrong and which setting mends it: %s', async (_, config, told) => {
    await expect(connected(await config())).rejects.toMatchObject(unavailable(told));
    await expect(runMigrations(await config(), silent)).rejects.toMatchObject(unavailable(told));
  });
});
