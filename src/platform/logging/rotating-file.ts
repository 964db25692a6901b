import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DestinationStream } from 'pino';
import type { RepeatingFault } from './repeating-fault.js';
import { RotatedName } from './rotated-name.js';

export interface RotationLimits {
  maxBytes: number;
  /** Rotated files that are kept; 0: all of them. */
  maxBackups: number;
  /** 0: however old they are. */
  maxAgeDays: number;
}

const STEPS = {
  rotate: { fails: 'The log file cannot be rotated; it goes on growing', works: 'The log file is rotated again' },
  clean: { fails: 'Rotated log files cannot be removed', works: 'Rotated log files are removed again' },
  write: { fails: 'The log file cannot be written; lines are lost', works: 'The log file is written again' },
};
const DAY_MS = 86_400_000;
/** A process that logs little rotates seldom: files grow too old in between. */
const CLEANING_INTERVAL_MS = 3_600_000;

/**
 * A log file that is put aside when the next line would not fit, and begun anew; rotated files go by number and age.
 * Synchronous: a line is in the file when `write` returns. A line stands in one file, whole; one that is larger than the
 * limit has a file of its own. Only one process may write to a file.
 *
 * Nothing is thrown after the constructor: a service does not stop because its log cannot be rotated, cleaned or even
 * written. It goes on with the file that it has, tries again with the next line, and tells `faults`, which must lead
 * elsewhere than into this file. What is not an ordinary file (a pipe, /dev/stdout) is written and never rotated.
 */
export class RotatingFile implements DestinationStream {
  private readonly rotated: RotatedName;
  private fd: number;
  private readonly isOrdinary: boolean;
  private bytes: number;
  private rotatedAt = -Infinity;
  private cleanedAt = -Infinity;

  /** Appends to the file if there is one. Throws when it cannot be opened. */
  constructor(
    private readonly file: string,
    private readonly limits: RotationLimits,
    private readonly faults: RepeatingFault,
    private readonly now: () => number = Date.now,
  ) {
    this.rotated = new RotatedName(file);
    mkdirSync(this.rotated.folder, { recursive: true });
    this.fd = openSync(file, 'a');
    const found = fstatSync(this.fd);
    this.isOrdinary = found.isFile();
    this.bytes = found.size;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.isOrdinary) {
      if (this.bytes > 0 && this.bytes + bytes.length > this.limits.maxBytes) {
        this.attempt('rotate', () => this.rotate());
      }
      if (this.now() - this.cleanedAt >= CLEANING_INTERVAL_MS) {
        this.cleanedAt = this.now();
        this.attempt('clean', () => this.clean());
      }
    }
    this.attempt('write', () => this.append(bytes));
  }

  private attempt(step: keyof typeof STEPS, work: () => void): void {
    const { file } = this;
    try {
      work();
      this.faults.end(step, { file }, STEPS[step].works);
    } catch (err) {
      this.faults.report(step, { err, file }, STEPS[step].fails, 'error');
    }
  }

  private append(bytes: Buffer): void {
    let written = 0;
    try {
      while (written < bytes.length) {
        written += writeSync(this.fd, bytes, written);
      }
    } catch (error) {
      if (written > 0 && this.isOrdinary) {
        // Half a line would spoil the next one too.
        ftruncateSync(this.fd, this.bytes);
      }
      throw error;
    }
    this.bytes += written;
  }

  /** Until the last step has succeeded the old file goes on being written, under whichever name it has by then. */
  private rotate(): void {
    const mode = fstatSync(this.fd).mode & 0o777;
    try {
      renameSync(this.file, this.freeName());
    } catch (error) {
      // Somebody has taken it away, or the rotation before this one came no further.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        throw error;
      }
    }
    mkdirSync(this.rotated.folder, { recursive: true });
    const opened = openSync(this.file, 'a', mode);
    closeSync(this.fd);
    this.fd = opened;
    this.bytes = fstatSync(opened).size;
    this.cleanedAt = -Infinity;
  }

  /** Later than the one before, also when the clock is not: what is newest by its name is kept longest. */
  private freeName(): string {
    this.rotatedAt = Math.max(this.now(), this.rotatedAt + 1);
    while (existsSync(this.rotated.at(this.rotatedAt))) {
      this.rotatedAt += 1;
    }
    return this.rotated.at(this.rotatedAt);
  }

  private clean(): void {
    const { maxBackups, maxAgeDays } = this.limits;
    const { folder } = this.rotated;
    const oldest = maxAgeDays === 0 ? -Infinity : this.now() - maxAgeDays * DAY_MS;
    const kept = maxBackups === 0 ? Infinity : maxBackups;
    const expired = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => ({ name, time: this.rotated.timeOf(name) }))
      .filter((found): found is { name: string; time: number } => found.time !== undefined)
      .toSorted((a, b) => b.time - a.time)
      .filter(({ time }, position) => position >= kept || time < oldest);
    for (const { name } of expired) {
      rmSync(join(folder, name), { force: true });
    }
  }
}
