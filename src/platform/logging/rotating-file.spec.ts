import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { RepeatingFault } from './repeating-fault.js';
import { RotatingFile, type RotationLimits } from './rotating-file.js';

const DAY_MS = 86_400_000;
const ROTATED = /^app-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.log$/;

describe('a log file', () => {
  let root: string;
  let folder: string;
  let told: Record<string, unknown>[];
  let nowMs: number;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rotating-file-'));
    folder = join(root, 'logs');
    told = [];
    nowMs = Date.parse('2026-01-31T23:59:59.000Z');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function open(limits: Partial<RotationLimits> = {}, file = join(folder, 'app.log')): RotatingFile {
    const logger = pino({}, { write: (line: string) => void told.push(JSON.parse(line) as Record<string, unknown>) });
    const all = { maxBytes: 1000, maxBackups: 0, maxAgeDays: 0, ...limits };
    return new RotatingFile(file, all, new RepeatingFault(logger, { now: () => nowMs }), () => nowMs);
  }

  const rotated = () => readdirSync(folder).filter((name) => ROTATED.test(name));
  const linesOf = (name: string, at = folder) => readFileSync(join(at, name), 'utf8').split('\n').slice(0, -1);
  /** Lines of 100 bytes. */
  const line = (number: number) => `${String(number).padEnd(99)}\n`;
  const write = (file: RotatingFile, from: number, to: number) => {
    for (let number = from; number < to; number += 1) {
      file.write(line(number));
    }
  };

  it('loses, doubles and splits no line, and no file is larger than allowed', () => {
    write(open({ maxBytes: 64 * 1024 }), 0, 10_000);
    const files = [...rotated().toSorted(), 'app.log'];
    expect(files.length).toBe(Math.ceil(10_000 / 655));
    const contents = files.map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(Math.max(...contents.map((text) => text.length))).toBeLessThanOrEqual(64 * 1024);
    expect(contents.every((text) => text.endsWith('\n'))).toBe(true);
    const numbers = files.flatMap((name) => linesOf(name)).map(Number);
    expect(numbers).toEqual(Array.from({ length: 10_000 }, (_, number) => number));
  });

  it('holds a line as soon as it is written', () => {
    open().write('the reason why\n');
    expect(linesOf('app.log')).toEqual(['the reason why']);
  });

  it('is put aside under the time of its rotation', () => {
    write(open(), 0, 11);
    expect(rotated()).toEqual(['app-2026-01-31T23-59-59.000.log']);
  });

  it('counts bytes, not characters', () => {
    const file = open();
    file.write(`${'é'.repeat(400)}\n`);
    file.write(`${'é'.repeat(400)}\n`);
    expect(rotated()).toHaveLength(1);
  });

  it('takes a line that is larger than the limit, alone', () => {
    const file = open();
    file.write(line(1));
    file.write(`${'x'.repeat(5000)}\n`);
    file.write(line(2));
    expect(rotated().map((name) => linesOf(name).length)).toEqual([1, 1]);
    expect(linesOf('app.log').map(Number)).toEqual([2]);
  });

  it('goes on where it was after a restart, and what it held counts', () => {
    write(open(), 0, 6);
    write(open(), 6, 12);
    expect(rotated().map((name) => linesOf(name).length)).toEqual([10]);
    expect(linesOf('app.log').map(Number)).toEqual([10, 11]);
  });

  it('keeps as many rotated files as wanted, the newest', () => {
    write(open({ maxBackups: 2 }), 0, 60);
    expect(
      rotated()
        .toSorted()
        .map((name) => Number(linesOf(name)[0])),
    ).toEqual([30, 40]);
  });

  it('keeps all of them when no number is given', () => {
    write(open({ maxBackups: 0 }), 0, 60);
    expect(rotated()).toHaveLength(5);
  });

  it('lets go of what is too old, also at a start, and of nothing else in its folder', () => {
    const others = [
      'app.log.1',
      'app-notes.log',
      'app-web-2026-01-01T00-00-00.000.log',
      'app-2026-13-45T99-00-00.000.log',
    ];
    mkdirSync(join(folder, 'app-2020-01-01T00-00-00.000.log'), { recursive: true });
    for (const name of [...others, 'app-2026-01-01T00-00-00.000.log', 'app-2026-01-30T00-00-00.000.log']) {
      writeFileSync(join(folder, name), '');
    }
    open({ maxAgeDays: 7 }).write(line(0));
    expect(readdirSync(folder).toSorted()).toEqual(
      [...others, 'app.log', 'app-2020-01-01T00-00-00.000.log', 'app-2026-01-30T00-00-00.000.log'].toSorted(),
    );
  });

  it('lets go of old files while it is not rotated itself', () => {
    const file = open({ maxAgeDays: 7 });
    write(file, 0, 11);
    nowMs += 7 * DAY_MS;
    file.write('x\n');
    expect(rotated()).toHaveLength(1);
    nowMs += DAY_MS;
    file.write('x\n');
    expect(rotated()).toEqual([]);
  });

  it('goes on being written while it cannot be rotated, which is told once a minute, and is rotated later', () => {
    const file = open();
    write(file, 0, 10);
    const moved = join(root, 'moved');
    renameSync(folder, moved);
    writeFileSync(folder, 'in the way');
    write(file, 10, 15);
    nowMs += 60_000;
    write(file, 15, 20);
    expect(linesOf('app.log', moved)).toHaveLength(20);
    expect(told.map(({ msg, occurrences }) => [msg, occurrences])).toEqual([
      ['The log file cannot be rotated; it goes on growing', undefined],
      ['The log file cannot be rotated; it goes on growing', 5],
    ]);
    rmSync(folder);
    write(file, 20, 22);
    expect(linesOf('app.log').map(Number)).toEqual([20, 21]);
    expect(told.at(-1)).toMatchObject({ msg: 'The log file is rotated again', unloggedOccurrences: 4 });
  });

  it('goes on in a fresh file when somebody has taken it away', () => {
    const file = open();
    write(file, 0, 9);
    rmSync(folder, { recursive: true });
    write(file, 9, 12);
    expect(linesOf('app.log').map(Number)).toEqual([10, 11]);
    expect(told).toEqual([]);
  });

  it('that cannot be written stops nobody, and each minute tells how often', () => {
    const file = open({}, '/dev/full');
    write(file, 0, 10);
    nowMs += 60_000;
    file.write(line(10));
    expect(told).toMatchObject([
      { msg: 'The log file cannot be written; lines are lost', file: '/dev/full', err: { code: 'ENOSPC' } },
      { msg: 'The log file cannot be written; lines are lost', occurrences: 10 },
    ]);
  });

  it('that is none is written and never put aside', () => {
    write(open({ maxBytes: 100 }, '/dev/null'), 0, 10);
    expect(told).toEqual([]);
    expect(readdirSync('/dev').filter((name) => name.startsWith('null-'))).toEqual([]);
  });
});
