import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolderOf, DownloadCache } from '../../sandbox/download/cache.js';
import { choosePorts } from '../../sandbox/ports.js';
import { Progress } from '../../sandbox/progress.js';
import { ServiceProcess } from '../../sandbox/service-process.js';
import type { Site } from '../../sandbox/services/definition.js';
import { mariadb } from '../../sandbox/services/mariadb.js';
import { waitUntil } from '../support/wait-until.js';
import type { IssuedFiles } from '../support/test-authority.js';

/** The sandbox's MariaDB with a certificate, and a second account that must show one and may make the server read its own anew. */
export class TlsMariaDb {
  readonly certified = 'certified';

  private constructor(
    private readonly site: Site,
    private readonly process: ServiceProcess,
  ) {}

  static async start(server: IssuedFiles, caFile: string): Promise<TlsMariaDb> {
    const folder = mkdtempSync(join(tmpdir(), 'sdp-mariadb-'));
    const site = { ...(await siteIn(folder)), distribution: await distribution() };
    mkdirSync(site.folder);
    mkdirSync(site.logsFolder);
    const made = new TlsMariaDb(site, new ServiceProcess(join(folder, 'pid')));
    await mariadb.prepare(site);
    appendFileSync(join(site.folder, 'init.sql'), made.certifiedAccount());
    const launch = mariadb.launch(site);
    const tls = [`--ssl-ca=${caFile}`, `--ssl-cert=${server.certFile}`, `--ssl-key=${server.keyFile}`];
    made.process.start({ ...launch, args: [...launch.args, ...tls] });
    await waitUntil('MariaDB with TLS answers', () =>
      mariadb.probe(site).then(
        () => true,
        () => false,
      ),
    );
    return made;
  }

  /** Variables for the program's settings, without those of TLS. */
  get environment(): Record<string, string> {
    const { username, password, database } = this.site.credentials;
    return {
      SDP_DATABASE_HOST: 'localhost',
      SDP_DATABASE_PORT: String(this.site.ports['sql']),
      SDP_DATABASE_USERNAME: username,
      SDP_DATABASE_PASSWORD: password,
      SDP_DATABASE_DATABASE: database,
    };
  }

  async remove(): Promise<void> {
    await this.process.stop(mariadb.stopDeadlineMs);
    rmSync(join(this.site.folder, '..'), { recursive: true, force: true });
  }

  private certifiedAccount(): string {
    const { password, database } = this.site.credentials;
    return [
      `CREATE OR REPLACE USER '${this.certified}'@'%' IDENTIFIED BY '${password}' REQUIRE X509;`,
      `GRANT ALL PRIVILEGES ON \`${database}\`.* TO '${this.certified}'@'%';`,
      `GRANT RELOAD ON *.* TO '${this.certified}'@'%';`,
      '',
    ].join('\n');
  }
}

async function siteIn(folder: string): Promise<Omit<Site, 'distribution'>> {
  return {
    clusterName: 'tls',
    folder: join(folder, 'mariadb'),
    logsFolder: join(folder, 'logs'),
    ports: await choosePorts(['sql'], {}, []),
    java: undefined,
    credentials: { username: 'sdp', password: 'of-this-test-alone', database: 'sdp_tls' },
    signal: undefined,
  };
}

function distribution(): Promise<string> {
  const cache = new DownloadCache(cacheFolderOf(process.env), process.env);
  const progress = new Progress(() => undefined, 'mariadb');
  return cache.fetch(mariadb.artifact(undefined), { progress, javaHome: undefined, signal: undefined });
}
