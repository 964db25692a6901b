import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { makeAuthority } from '../certificates.ts';
import type { Site } from './definition.ts';

const brokerHosts = ['localhost', '127.0.0.1', '::1'];

export type KafkaCertificates = ReturnType<typeof kafkaCertificates>;

/** Where the PEM files are. A "stranger" is of an authority that the broker does not trust. */
export function kafkaCertificates({ folder }: Pick<Site, 'folder'>) {
  return certificatesIn(folderIn(folder));
}

/** Makes the files unless they are there; clients keep trusting a sandbox over its restarts. */
export async function writeKafkaCertificates({ folder }: Pick<Site, 'folder'>): Promise<void> {
  const final = folderIn(folder);
  if (existsSync(final)) return;
  // Written aside and renamed: an interrupted start must not pass for a finished one.
  const partial = `${final}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  const files = certificatesIn(partial);
  const [authority, stranger] = await Promise.all([makeAuthority('sandbox'), makeAuthority('stranger')]);
  const broker = await authority.issue('broker', brokerHosts);
  const [client, strangeClient] = [await authority.issue('client'), await stranger.issue('client')];
  const texts = new Map([
    [files.ca, authority.certificate],
    [files.broker, broker.key + broker.certificate],
    [files.client, client.certificate],
    [files.clientKey, client.key],
    [files.strangerCa, stranger.certificate],
    [files.stranger, strangeClient.certificate],
    [files.strangerKey, strangeClient.key],
  ]);
  await Promise.all([...texts].map(([file, text]) => writeFile(file, text, { mode: 0o600 })));
  await rename(partial, final);
}

function folderIn(serviceFolder: string): string {
  return join(serviceFolder, 'tls');
}

function certificatesIn(folder: string) {
  return {
    ca: join(folder, 'ca.pem'),
    /** Key and certificate in one file, as the broker wants them. */
    broker: join(folder, 'broker.pem'),
    client: join(folder, 'client.pem'),
    clientKey: join(folder, 'client.key'),
    strangerCa: join(folder, 'stranger-ca.pem'),
    stranger: join(folder, 'stranger.pem'),
    strangerKey: join(folder, 'stranger.key'),
  };
}
