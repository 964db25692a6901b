import { causeOf } from './log-cause.ts';

describe('causeOf', () => {
  it('takes the last error among the lines of the program', () => {
    const lines = [
      { level: 'error', msg: 'first' },
      { level: 'fatal', msg: 'Cannot start', err: { message: 'port 1 is taken' } },
      { level: 'info', msg: 'bye' },
    ];
    expect(causeOf(lines.map((line) => JSON.stringify(line)).join('\n'))).toBe('Cannot start: port 1 is taken');
  });

  it('takes no other event of the program for the cause', () => {
    const lines = [
      { level: 'warn', msg: 'waiting', error: 'text' },
      { level: 'info', msg: 'request' },
    ];
    expect(causeOf(lines.map((line) => JSON.stringify(line)).join('\n'))).toBe('');
  });

  it('takes the crash of a program that could not log it any more', () => {
    expect(causeOf('{"level":"info","msg":"hello"}\nnode:internal\nError: Cannot find module x\n')).toBe(
      'Error: Cannot find module x',
    );
  });

  it('takes the first error of a compiler, without its colours', () => {
    const text =
      '\n> build\n\u001b[96ma.ts\u001b[0m - \u001b[91merror\u001b[0m TS1: no\n\nb.ts - error TS2: no\nFound 2 errors.\n';
    expect(causeOf(text)).toBe('a.ts - error TS1: no');
  });

  it('takes the last line of a log that names no error, and cuts it', () => {
    expect(causeOf(`one\n${'x'.repeat(1000)}\n`)).toBe(`${'x'.repeat(300)}…`);
  });

  it('knows nothing of an empty log', () => {
    expect(causeOf('')).toBe('');
  });
});
