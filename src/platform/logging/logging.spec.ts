import { createLogger } from './create-logger.js';
import { NestLogger } from './nest-logger.js';
import { RepeatingFault } from './repeating-fault.js';

const config = { logLevel: 'info' as const, developMode: false, file: '' };
const identity = { service: 'pipes', role: 'mgmt', version: '1.2.3' };

function recorded(options: { developMode?: boolean; secrets?: string[]; logLevel?: 'info' | 'trace' } = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    config: { ...config, developMode: options.developMode ?? false, logLevel: options.logLevel ?? 'info' },
    ...identity,
    secrets: options.secrets,
    destination: { write: (line: string) => void lines.push(line) },
  });
  return { logger, lines, events: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('the logger', () => {
  it('writes one JSON line an event, with service, role and version', () => {
    const { logger, lines, events } = recorded();
    logger.info({ pipeline: 'a' }, 'started\nnow');
    logger.debug('not at this level');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{[^\n]*\}\n$/);
    expect(events()[0]).toMatchObject({ ...identity, level: 'info', pipeline: 'a', msg: 'started\nnow' });
    expect(Date.parse(String(events()[0]?.['time']))).not.toBeNaN();
  });

  it('hides secret fields at any usual depth', () => {
    const { logger, lines } = recorded();
    logger.info({ password: 'aa1', mq: { password: 'aa2' }, a: { b: { token: 'aa3' } } }, 'x');
    logger.info({ req: { headers: { authorization: 'aa4', host: 'h' } } }, 'x');
    expect(lines.join('')).not.toMatch(/aa\d/);
    expect(lines.join('')).toContain('"host":"h"');
  });

  it('hides configured secrets inside messages of libraries, also when they are escaped', () => {
    const { logger, lines } = recorded({ secrets: ['hun"ter/2', '', 'abc'] });
    logger.error({ err: new Error('cannot reach me:hun"ter/2@db') }, 'GET http://me:hun%22ter%2F2@a abc');
    expect(lines.join('')).not.toMatch(/hun/);
    expect(lines.join('')).toContain('abc');
  });

  it('hides a secret that begins with another one as a whole', () => {
    const { logger, lines } = recorded({ secrets: ['hunter2', 'hunter2-long'] });
    logger.info('hunter2-long hunter2');
    expect(lines.join('')).toContain('"****** ******"');
  });

  it('keeps the cause of an error', () => {
    const { logger, events } = recorded();
    logger.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    expect(events()[0]?.['err']).toMatchObject({ message: expect.stringContaining('inner') });
  });

  it('writes readable lines in developMode', () => {
    const { logger, lines } = recorded({ developMode: true });
    logger.warn({ pipeline: 'a', count: 3, err: new Error('boom') }, 'bulk refused');
    expect(lines.join('')).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} WARN {2}bulk refused pipeline=a count=3\n {4}Error: boom\n {8}at /,
    );
  });
});

describe('readable lines', () => {
  it('keep fields of several lines apart from the message', () => {
    const { logger, lines } = recorded({ developMode: true });
    logger.info({ stack: 'Error: a\n at b', count: 1 }, 'x');
    expect(lines.join('')).toMatch(/ INFO {2}x count=1\n {4}Error: a\n {5}at b\n$/);
  });
});

describe('lines of the framework', () => {
  it('keep level, context, stack and error', () => {
    const { logger, events } = recorded({ logLevel: 'trace' });
    const nest = new NestLogger(logger);
    nest.log('Mapped', 'Router');
    nest.error('failed', 'Error: at x', 'Handler');
    nest.error(new Error('boom'), 'Handler');
    nest.warn({ a: 1 });
    expect(events()).toMatchObject([
      { level: 'debug', msg: 'Mapped', context: 'Router' },
      { level: 'error', msg: 'failed', context: 'Handler', stack: 'Error: at x' },
      { level: 'error', msg: 'boom', context: 'Handler', err: { message: 'boom' } },
      { level: 'warn', msg: '{"a":1}' },
    ]);
  });
});

describe('a repeating fault', () => {
  function faulty() {
    const { logger, events } = recorded();
    let nowMs = 0;
    const fault = new RepeatingFault(logger, { now: () => nowMs });
    return { fault, events, wait: (ms: number) => (nowMs += ms) };
  }

  it('is logged at once, then once a minute with the count', () => {
    const { fault, events, wait } = faulty();
    for (let second = 0; second <= 120; second += 1) {
      fault.report('search', { node: 'a' }, 'does not answer');
      wait(1000);
    }
    expect(events().map((event) => event['occurrences'])).toEqual([undefined, 60, 60]);
    expect(events()[2]).toMatchObject({ level: 'warn', node: 'a', msg: 'does not answer' });
  });

  it('does not hide another fault', () => {
    const { fault, events } = faulty();
    fault.report('a', {}, 'one');
    fault.report('b', {}, 'two', 'error');
    expect(events().map((event) => event['level'])).toEqual(['warn', 'error']);
  });

  it('is told to be over once, with what was not logged, and is news when it comes back', () => {
    const { fault, events } = faulty();
    fault.end('a', {}, 'answers again');
    fault.report('a', {}, 'silent');
    fault.report('a', {}, 'silent');
    fault.end('a', {}, 'answers again');
    fault.end('a', {}, 'answers again');
    fault.report('a', {}, 'silent');
    expect(events().map((event) => [event['msg'], event['unloggedOccurrences']])).toEqual([
      ['silent', undefined],
      ['answers again', 1],
      ['silent', undefined],
    ]);
  });

  it('keeps memory bounded when every fault is another one', () => {
    const { fault, events } = faulty();
    for (let index = 0; index <= 1000; index += 1) {
      fault.report(`key ${index}`, {}, 'x');
    }
    fault.report('key 1000', {}, 'x');
    fault.report('key 0', {}, 'x');
    expect(events()).toHaveLength(1002);
  });
});
