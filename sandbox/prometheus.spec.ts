import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { getPrometheusProgram } from './prometheus.ts';

// What a machine offers is a folder of programs: here scripts that do what apt-get and dpkg-deb do with their arguments.
const download = 'echo package > "prometheus_2.42.0+ds-5_amd64.deb"';
const aptGet = {
  withLists: `[ "$1" = download ] && ${download}`,
  withoutLists: `case "$*" in *Dir::State::lists=*update) ;; *Dir::State::lists=*download*) ${download} ;; *) exit 100 ;; esac`,
  withoutNetwork: 'echo "no route to the mirror"; exit 100',
};
const dpkgDeb = '/bin/mkdir -p "$3/usr/bin"; echo x > "$3/usr/bin/prometheus"; echo x > "$3/usr/bin/promtool"';

describe('getPrometheusProgram', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A machine with these programs on its PATH and an empty cache. */
  const machine = (programs: Readonly<Record<string, string>>) => {
    const place = mkdtempSync(join(folder, 'machine-'));
    const [bin, cache] = [join(place, 'bin'), join(place, 'cache')];
    mkdirSync(bin);
    for (const [name, script] of Object.entries(programs)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const environment = { PATH: bin, SDP_CACHE_DIR: cache };
    return { bin, cache, find: () => getPrometheusProgram('promtool', { print: () => undefined, environment }) };
  };

  it('takes an installed one', async () => {
    const { bin, find } = machine({ promtool: 'exit 0' });
    expect(await find()).toBe(join(bin, 'promtool'));
  });

  it.each([
    ['with the package lists of the machine', aptGet.withLists],
    ['with lists of its own where the machine has none', aptGet.withoutLists],
  ])('fetches the package, %s', async (_, script) => {
    const { bin, cache, find } = machine({ 'apt-get': script, 'dpkg-deb': dpkgDeb });
    const found = await find();
    expect(found).toBe(join(cache, 'prometheus-2.42.0+ds-5/promtool'));
    // Once it is there, nothing more is needed.
    rmSync(bin, { recursive: true });
    expect(await find()).toBe(found);
  });

  it('fetches it again when the cache was damaged', async () => {
    const { find } = machine({ 'apt-get': aptGet.withLists, 'dpkg-deb': dpkgDeb });
    const found = await find();
    rmSync(found);
    expect(await find()).toBe(found);
  });

  it('says what to install where there is no apt', async () => {
    await expect(machine({ 'dpkg-deb': dpkgDeb }).find()).rejects.toThrow(/install Prometheus.*apt-get is not here/s);
  });

  it('says what to install, and why it could not help, when the download fails, and leaves nothing half made', async () => {
    const { cache, find } = machine({ 'apt-get': aptGet.withoutNetwork, 'dpkg-deb': dpkgDeb });
    await expect(find()).rejects.toThrow(/apt-get install prometheus.*no route to the mirror/s);
    expect(readdirSync(cache)).toEqual(['prometheus.apt.log']);
  });
});
