import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface PinnedFile {
  name: string;
  sizeBytes: number;
  sha256: string;
}

/** Reads a manifest: one line a file, "<sha256> <bytes> <name>". A line that is none throws. */
export function parseManifest(text: string): PinnedFile[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, sha256, size, name] = /^([0-9a-f]{64}) (\d+) (\S.*)$/.exec(line) ?? [];
      if (sha256 === undefined || size === undefined || name === undefined)
        throw new Error(`no manifest line: ${line}`);
      return { name, sizeBytes: Number(size), sha256 };
    });
}

/**
 * What is wrong with the files of a folder: a missing one, one too many, a wrong size or digest. Empty means that the
 * folder holds exactly the pinned files, byte for byte.
 */
export async function findFaults(folder: string, pinned: readonly PinnedFile[]): Promise<string[]> {
  const present = new Set(await readdir(folder));
  const names = new Set(pinned.map(({ name }) => name));
  const unexpected = [...present].filter((name) => !names.has(name)).map((name) => `${name}: not in the manifest`);
  const faults = await Promise.all(
    pinned.map(async (file) =>
      present.has(file.name) ? await findFault(join(folder, file.name), file) : `${file.name}: missing`,
    ),
  );
  return [...unexpected, ...faults.filter((fault) => fault !== undefined)];
}

async function findFault(path: string, file: PinnedFile): Promise<string | undefined> {
  const { size } = await stat(path);
  if (size !== file.sizeBytes) return `${file.name}: ${size} bytes instead of ${file.sizeBytes}`;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  const sha256 = hash.digest('hex');
  return sha256 === file.sha256 ? undefined : `${file.name}: sha256 ${sha256} instead of ${file.sha256}`;
}
