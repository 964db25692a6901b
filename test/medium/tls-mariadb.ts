import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolderOf, DownloadCache } from '../../sandbox/download/cache.js';
import { choosePorts } from '../../sandbox/ports.js';
import { Progress } from '../../sandbox/progress.js';
import type { Site } from '../../sandbox/services/definition.js';
import { mariadb } from '../../sandbox/services/mariadb.js';
import { waitUntil } from '../support/wait-until.js';
import type { IssuedFiles } from '../support/test-authority.js';

const certified = 'certified';

/**
 * The sandbox's MariaDB as a process of the test's own, with a certificate, and with a second account that must show one
 * too and may make the server read its own anew.
 */
export class TlsMariaDb {
  readonly certified = certified;

  private constructor(
    private readonly site: Site,
    private readonly server: ChildProcess,
  ) {}

  static async start(server: IssuedFiles, caFile: string): Promise<TlsMariaDb> {
    const folder = mkdtempSync(join(tmpdir(), 'sdp-mariadb-'));
    const site = { ...(await siteIn(folder)), distribution: await distribution() };
    mkdirSync(site.folder);
    mkdirSync(site.logsFolder);
    await mariadb.prepare(site);
    appendFileSync(join(site.folder, 'init.sql'), certifiedAccount(site));
    const { command, args, cwd, environment } = mariadb.launch(site);
    const tls = [`--ssl-ca=${caFile}`, `--ssl-cert=${server.certFile}`, `--ssl-key=${server.keyFile}`];
    const made = new TlsMariaDb(site, spawn(command, [...args, ...tls], { cwd, env: environment, stdio: 'ignore' }));
    const isReady = () =>
      mariadb
        .probe(site)
        .then(() => true)
        .catch(() => false);
    await waitUntil('MariaDB with TLS answers', isReady).catch(async (error: unknown) => {
      await made.remove();
      throw error;
    });
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
    if (this.server.exitCode === null && this.server.signalCode === null) {
      this.server.kill();
      await once(this.server, 'exit');
    }
    rmSync(join(this.site.folder, '..'), { recursive: true, force: true });
  }
}

function certifiedAccount({ credentials: { password, database } }: Site): string {
  return [
    `CREATE OR REPLACE USER '${certified}'@'%' IDENTIFIED BY '${password}' REQUIRE X509;`,
    `GRANT ALL PRIVILEGES ON \`${database}\`.* TO '${certified}'@'%';`,
    `GRANT RELOAD ON *.* TO '${certified}'@'%';`,
    '',
  ].join('\n');
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
