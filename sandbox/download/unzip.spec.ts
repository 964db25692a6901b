import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

import { unzip } from './unzip.ts';

interface Packed {
  name: string;
  content: string;
  mode?: number;
  isStored?: boolean;
  crc?: number;
}

/** A zip archive, as the format's description lays it out. */
function zip(entries: readonly Packed[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const { name, content, mode = 0o644, isStored = false, crc = crc32(content) } of entries) {
    const data = isStored ? Buffer.from(content) : deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    // Extra bytes that the directory does not have.
    local.writeUInt16LE(3, 28);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(isStored ? 0 : 8, 10);
    central.writeUInt32LE(crc, 16);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(content.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(Buffer.concat(bodies).length, 42);
    bodies.push(local, Buffer.from(name), Buffer.from('xyz'), data);
    directory.push(central, Buffer.from(name));
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(Buffer.concat(bodies).length, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}

describe('unzip', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unzip-'));
  const archive = join(folder, 'a.zip');
  const target = join(folder, 'out');

  afterAll(() => rmSync(folder, { recursive: true }));

  it('unpacks what is below the prefix, with its executable bit', async () => {
    const entries = [
      { name: 'dist/bin/run', content: '#!/bin/sh\n'.repeat(100), mode: 0o755 },
      { name: 'dist/plain.txt', content: 'stored', isStored: true },
      { name: 'dist/empty', content: '', isStored: true },
      { name: 'dist/logs/', content: '', isStored: true },
      { name: 'other/file', content: 'not wanted' },
    ];
    writeFileSync(archive, zip(entries));
    expect(await unzip(archive, 'dist/', target)).toEqual(['bin/run', 'plain.txt', 'empty']);
    expect(readFileSync(join(target, 'bin/run'), 'utf8')).toBe('#!/bin/sh\n'.repeat(100));
    expect(readFileSync(join(target, 'plain.txt'), 'utf8')).toBe('stored');
    expect(statSync(join(target, 'bin/run')).mode & 0o777).toBe(0o755);
    expect(statSync(join(target, 'plain.txt')).mode & 0o777).toBe(0o644);
    expect(statSync(join(target, 'logs')).isDirectory()).toBe(true);
  });

  it.each([
    ['a damaged entry', [{ name: 'd/x', content: 'x', crc: 1 }], 'wrong checksum'],
    ['an entry that leaves the folder', [{ name: 'd/../../x', content: 'x' }], 'leaves the folder'],
  ])('refuses %s', async (_, entries, message) => {
    writeFileSync(archive, zip(entries));
    await expect(unzip(archive, 'd/', target)).rejects.toThrow(message);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  it('refuses what is no archive', async () => {
    writeFileSync(archive, 'PK');
    await expect(unzip(archive, '', target)).rejects.toThrow('not a zip archive');
  });
});
