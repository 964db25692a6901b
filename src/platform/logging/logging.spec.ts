import { type ConfiguredLogLevel, LogConfig } from '../../config/log-config.js';
import { createLogger } from './create-logger.js';
import { NestLogger } from './nest-logger.js';

const identity = { service: 'pipes', role: 'mgmt', version: '1.2.3' };

function recorded(options: { developMode?: boolean; secrets?: string[]; logLevel?: ConfiguredLogLevel } = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    config: { ...new LogConfig(), developMode: options.developMode ?? false, logLevel: options.logLevel ?? 'info' },
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

  it('takes whatever a library hands over: bytes, circles, errors of errors', () => {
    const { logger, events } = recorded({ logLevel: 'debug' });
    const circle: Record<string, unknown> = { apiKey: 18, when: new Date(0) };
    circle['self'] = circle;
    const err = Object.assign(new Error('boom'), { body: Buffer.from('secret'), config: { password: 'aa1' } });
    logger.debug({ data: { members: [{ assignment: Buffer.alloc(12) }] }, circle }, 'answer');
    logger.error({ err, list: [err] }, 'failed');
    expect(events()[0]).toMatchObject({
      data: { members: [{ assignment: '12 bytes' }] },
      circle: { apiKey: 18, when: '1970-01-01T00:00:00.000Z' },
    });
    const told = { type: 'Error', message: 'boom', body: '6 bytes', config: { password: '******' } };
    expect(events()[1]).toMatchObject({ err: told, list: [told] });
  });

  it('keeps an error that a task thread has sent as it is', () => {
    const { logger, events } = recorded();
    const err = { type: 'TypeError', message: 'boom', stack: 'TypeError: boom\n at x' };
    logger.error({ err }, 'failed');
    expect(events()[0]?.['err']).toEqual(err);
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
