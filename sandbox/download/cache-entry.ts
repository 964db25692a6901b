import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const inventoryName = '.inventory';
const programFolders = new Set(['bin', 'scripts']);

/** Gives the folder, with the files of these names, its place in the cache: by a rename, so that it is there whole or not at all. */
export async function completeEntry(folder: string, path: string, names: readonly string[]): Promise<void> {
  openToReaders(folder);
  const lines = names.map((name) => `${statSync(join(folder, name)).size} ${name}\n`);
  await writeFile(join(folder, inventoryName), lines.join(''));
  await rename(folder, path);
}

/** Every file of the inventory is there with its size: cheap enough for each start, and sees a half deleted cache. */
export function isWholeEntry(path: string): boolean {
  try {
    const lines = readFileSync(join(path, inventoryName), 'utf8').trimEnd().split('\n');
    return lines.every((line) => {
      const [size = '', ...name] = line.split(' ');
      return statSync(join(path, name.join(' '))).size === Number(size);
    });
  } catch {
    return false;
  }
}

/** What an interrupted or damaged installation left; only the holder of the entry's lock may call this. */
export async function removeRests(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(`${basename(path)}.partial-`));
  await Promise.all(names.map((name) => rm(join(dirname(path), name), { recursive: true, force: true })));
}

/** A service may run under another user than the one who downloaded it, whatever the umask was. */
function openToReaders(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToReaders(path);
    // Some archives were packed without the executable bit of their programs.
    else chmodSync(path, programFolders.has(basename(folder)) ? 0o755 : (statSync(path).mode & 0o777) | 0o444);
  }
}
