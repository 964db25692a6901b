import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';

// Written here because neither an `unzip` program nor a JDK's `jar` is surely on the machine, and `jar` loses the
// executable bits. Knows what the pinned archives need: stored and deflated entries, no encryption, no zip64.

interface Entry {
  name: string;
  isExecutable: boolean;
  method: number;
  crc: number;
  compressedBytes: number;
  offset: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
const longestCommentBytes = 65_535;
const localHeaderBytes = 30;

/** Unpacks the entries below `prefix` into `target`, without the prefix; returns the names of the files in archive order. Everybody may read the result. */
export async function unzip(archive: string, prefix: string, target: string): Promise<string[]> {
  const file = await open(archive);
  try {
    const names: string[] = [];
    for (const entry of await readEntries(file)) {
      if (!entry.name.startsWith(prefix)) continue;
      const name = entry.name.slice(prefix.length);
      const path = join(target, safe(name));
      if (name === '' || name.endsWith('/')) {
        await mkdir(path, { recursive: true });
      } else {
        await extract(file, archive, entry, path);
        names.push(name);
      }
    }
    return names;
  } finally {
    await file.close();
  }
}

async function readEntries(file: FileHandle): Promise<Entry[]> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - endBytes - longestCommentBytes), size);
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || tail.readUInt32LE(end) !== endSignature) throw new Error('not a zip archive');
  const [count, bytes, offset] = [
    tail.readUInt16LE(end + 10),
    tail.readUInt32LE(end + 12),
    tail.readUInt32LE(end + 16),
  ];
  const directory = await readAt(file, offset, offset + bytes);
  const entries: Entry[] = [];
  let position = 0;
  for (let index = 0; index < count; index++) {
    if (directory.readUInt32LE(position) !== entrySignature) throw new Error('damaged zip directory');
    const nameBytes = directory.readUInt16LE(position + 28);
    entries.push(parseEntry(directory.subarray(position), nameBytes));
    position += 46 + nameBytes + directory.readUInt16LE(position + 30) + directory.readUInt16LE(position + 32);
  }
  return entries;
}

function parseEntry(header: Buffer, nameBytes: number): Entry {
  return {
    name: header.toString('utf8', 46, 46 + nameBytes),
    // The upper half of the external attributes is the Unix mode.
    isExecutable: ((header.readUInt32LE(38) >>> 16) & 0o111) !== 0,
    method: header.readUInt16LE(10),
    crc: header.readUInt32LE(16),
    compressedBytes: header.readUInt32LE(20),
    offset: header.readUInt32LE(42),
  };
}

async function extract(file: FileHandle, archive: string, entry: Entry, path: string): Promise<void> {
  // The local header may carry other extra fields than the directory, so where the data starts is read from it.
  const header = await readAt(file, entry.offset, entry.offset + localHeaderBytes);
  const start = entry.offset + localHeaderBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  await mkdir(dirname(path), { recursive: true });
  const seen = { crc: 0 };
  const output = createWriteStream(path);
  const source =
    entry.compressedBytes === 0
      ? Readable.from([])
      : createReadStream(archive, { start, end: start + entry.compressedBytes - 1 });
  if (entry.method === 8) await pipeline(source, createInflateRaw(), checksum(seen), output);
  else if (entry.method === 0) await pipeline(source, checksum(seen), output);
  else throw new Error(`${entry.name}: compression method ${entry.method} is not known`);
  if (seen.crc !== entry.crc) throw new Error(`${entry.name}: wrong checksum`);
  await chmod(path, entry.isExecutable ? 0o755 : 0o644);
}

function checksum(seen: { crc: number }): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* pass(source) {
    for await (const chunk of source) {
      seen.crc = crc32(chunk, seen.crc);
      yield chunk;
    }
  };
}

async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const { buffer } = await file.read({ buffer: Buffer.alloc(end - start), position: start });
  return buffer;
}

/** An entry named "../x" must not leave the target folder. */
function safe(name: string): string {
  const path = normalize(name);
  if (path.startsWith('..') || path.startsWith('/')) throw new Error(`${name}: leaves the folder`);
  return path;
}
