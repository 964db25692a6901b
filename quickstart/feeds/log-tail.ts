import { open } from 'node:fs/promises';

const maxReadBytes = 256 * 1024;
/** A line that is longer is taken as several. */
const maxLineBytes = 1024 * 1024;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Reads a log from its beginning on, while others write it. A log that was emptied or replaced starts anew. */
export class LogTail {
  readonly path: string;
  #inode = 0;
  #position = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.path = path;
  }

  /**
   * The next complete lines, without their ends; empty when there is none yet. Throws what the file system says when the
   * log cannot be read.
   */
  async next(): Promise<Buffer[]> {
    const read = await this.#readOn();
    if (read.length === 0) return [];
    const bytes = Buffer.concat([this.#rest, read]);
    const end = bytes.lastIndexOf(lineFeed) + 1;
    this.#rest = bytes.subarray(end);
    const lines = linesOf(bytes.subarray(0, end));
    if (this.#rest.length < maxLineBytes) return lines;
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return [...lines, rest];
  }

  async #readOn(): Promise<Buffer> {
    const file = await open(this.path, 'r');
    try {
      const { ino, size } = await file.stat();
      if (ino !== this.#inode || size < this.#position) {
        this.#inode = ino;
        this.#position = 0;
        this.#rest = Buffer.alloc(0);
      }
      const length = Math.min(size - this.#position, maxReadBytes);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, this.#position);
      this.#position += bytesRead;
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}

/** `bytes` ends with a line end, or is empty. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(lineFeed, start);
    lines.push(bytes.subarray(start, bytes[end - 1] === carriageReturn && end > start ? end - 1 : end));
    start = end + 1;
  }
  return lines;
}
