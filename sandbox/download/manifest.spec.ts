import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { kafkaArtifact, mariaDbArtifact, openSearchArtifact } from './artifacts.ts';
import { findFaults, parseManifest } from './manifest.ts';

// printf hello | sha256sum
const hello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

describe('parseManifest', () => {
  it('reads digest, size and name', () => {
    expect(parseManifest(`${hello} 5 a file.jar\n`)).toEqual([{ name: 'a file.jar', sizeBytes: 5, sha256: hello }]);
  });

  it.each(['5 a.jar', `${hello} a.jar`, `${hello.slice(1)} 5 a.jar`])('refuses "%s"', (line) => {
    expect(() => parseManifest(line)).toThrow('no manifest line');
  });

  it('pins every file of every artifact', () => {
    const artifacts = [kafkaArtifact(), openSearchArtifact('2.19.4'), openSearchArtifact('3.4.0'), mariaDbArtifact()];
    expect(artifacts.map(({ name, files }) => [name, files.length])).toEqual([
      ['kafka-4.2.0', 94],
      ['opensearch-2.19.4', 1],
      ['opensearch-3.4.0', 1],
      ['mariadb-10.11.5', 1],
    ]);
  });
});

describe('findFaults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  const pinned = parseManifest(`${hello} 5 a.jar\n`);

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['accepts the pinned bytes', 'hello', []],
    ['sees a wrong size', 'hello!', ['a.jar: 6 bytes instead of 5']],
    [
      'sees other bytes of the same size',
      'hallo',
      [expect.stringMatching(/^a\.jar: sha256 [0-9a-f]{64} instead of 2cf24/)],
    ],
  ])('%s', async (_, content, faults) => {
    writeFileSync(join(folder, 'a.jar'), content);
    expect(await findFaults(folder, pinned)).toEqual(faults);
  });

  it('sees a missing file and one too many', async () => {
    writeFileSync(join(folder, 'b.jar'), 'x');
    rmSync(join(folder, 'a.jar'), { force: true });
    expect(await findFaults(folder, pinned)).toEqual(['b.jar: not in the manifest', 'a.jar: missing']);
  });
});
