import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'mysql2/promise';
import { join } from 'node:path';

import { mariaDbArtifact } from '../download/artifacts.ts';
import { runProgram } from '../run-program.ts';
import { SandboxError } from '../sandbox-error.ts';
import { portOf, type ServiceDefinition, type Site } from './definition.ts';

const probeTimeoutMs = 2000;

/** MariaDB with one database and one user that owns it; root can log in through the socket file only. */
export const mariadb: ServiceDefinition = {
  name: 'mariadb',
  needsJava: false,
  portNames: ['sql'],
  stopDeadlineMs: 30_000,
  artifact: () => {
    if (process.platform === 'linux' && process.arch === 'x64') return mariaDbArtifact();
    throw new SandboxError(
      `There is no MariaDB download for ${process.platform} on ${process.arch}: start one yourself and set SDP_SANDBOX_DATABASE_URL.`,
    );
  },
  prepare,
  launch: (site) => ({
    command: join(site.distribution, 'bin/mariadbd'),
    args: serverArguments(site),
    cwd: site.folder,
    environment: process.env,
    outputFile: mariadb.logFile(site),
  }),
  probe,
  address: (site) => {
    const { username, password, database } = site.credentials;
    return `mysql://${username}:${password}@127.0.0.1:${portOf(site, 'sql')}/${database}`;
  },
  logFile: ({ logsFolder }) => join(logsFolder, 'mariadb.log'),
};

async function prepare(site: Site): Promise<void> {
  await writeFile(join(site.folder, 'init.sql'), initialSql(site), { mode: 0o600 });
  const data = join(site.folder, 'data');
  await mkdir(join(site.folder, 'tmp'), { recursive: true });
  if (existsSync(data)) return;
  // Installed aside and renamed: an interrupted installation must not pass for a finished one.
  const partial = join(site.folder, 'data.partial');
  await rm(partial, { recursive: true, force: true });
  const args = [
    '--no-defaults',
    `--basedir=${site.distribution}`,
    `--datadir=${partial}`,
    '--auth-root-authentication-method=socket',
    '--skip-test-db',
    '--force',
    ...asRoot(),
  ];
  const program = {
    command: join(site.distribution, 'scripts/mariadb-install-db'),
    args,
    cwd: site.folder,
    // A starting server clears the temporary tables of every other one that uses the same folder.
    environment: { ...process.env, TMPDIR: join(site.folder, 'tmp') },
    logFile: join(site.logsFolder, 'mariadb.install.log'),
    signal: site.signal,
  };
  await runProgram(program, 'MariaDB could not make its data folder');
  await rename(partial, data);
}

/** The login is the check of identity too: no other server knows the sandbox's password. */
async function probe(site: Site): Promise<void> {
  const { username, password, database } = site.credentials;
  const connection = await createConnection({
    host: '127.0.0.1',
    port: portOf(site, 'sql'),
    user: username,
    password,
    database,
    connectTimeout: probeTimeoutMs,
  });
  try {
    await connection.query({ sql: 'select 1', timeout: probeTimeoutMs });
    await connection.end();
  } finally {
    connection.destroy();
  }
}

function serverArguments(site: Site): string[] {
  return [
    '--no-defaults',
    `--basedir=${site.distribution}`,
    `--datadir=${join(site.folder, 'data')}`,
    `--tmpdir=${join(site.folder, 'tmp')}`,
    `--lc-messages-dir=${join(site.distribution, 'share')}`,
    '--bind-address=127.0.0.1',
    `--port=${portOf(site, 'sql')}`,
    // Relative to the data folder: the kernel takes no socket path longer than 107 bytes.
    '--socket=mariadb.sock',
    '--pid-file=mariadb.server.pid',
    `--init-file=${join(site.folder, 'init.sql')}`,
    '--skip-name-resolve',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_unicode_ci',
    '--innodb-buffer-pool-size=64M',
    // A killed server loses nothing; only a crash of the machine could cost the last second.
    '--innodb-flush-log-at-trx-commit=2',
    '--max-connections=300',
    ...asRoot(),
  ];
}

/** Runs at each start, before the first connection: the user and the database are there whatever happened before. */
function initialSql({ credentials: { username, password, database } }: Site): string {
  return [
    `CREATE DATABASE IF NOT EXISTS \`${database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;`,
    `CREATE OR REPLACE USER '${username}'@'%' IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON \`${database}\`.* TO '${username}'@'%';`,
    // Tests make databases of their own beside it.
    `GRANT ALL PRIVILEGES ON \`${database}\\_%\`.* TO '${username}'@'%';`,
    '',
  ].join('\n');
}

/** MariaDB refuses to run as root unless told to. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}
