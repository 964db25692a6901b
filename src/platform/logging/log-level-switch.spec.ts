import { jest } from '@jest/globals';
import { pino } from 'pino';
import { LogLevelSwitch } from './log-level-switch.js';

describe('the log level of a running process', () => {
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
  let levels: LogLevelSwitch;

  beforeEach(() => {
    jest.useFakeTimers();
    lines.length = 0;
    logger.level = 'info';
    levels = new LogLevelSwitch(logger, 'info');
  });
  afterEach(() => jest.useRealTimers());

  it('stays as it was set, and each change is in the log', () => {
    levels.set('error');
    logger.warn('not at this level');
    levels.set('debug');
    logger.debug('at this level');
    jest.advanceTimersByTime(86_400_000);
    expect(levels.status).toEqual({ level: 'debug', configuredLevel: 'info' });
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { msg: 'The log level changes', previousLogLevel: 'info', logLevel: 'error' },
      { msg: 'The log level changes', previousLogLevel: 'error', logLevel: 'debug' },
      { msg: 'at this level' },
    ]);
  });

  it('returns to the configured one after its time', () => {
    levels.set('trace', 600);
    expect(levels.status).toEqual({ level: 'trace', configuredLevel: 'info', until: Date.now() + 600_000 });
    jest.advanceTimersByTime(599_999);
    expect(levels.status.level).toBe('trace');
    jest.advanceTimersByTime(1);
    expect(levels.status).toEqual({ level: 'info', configuredLevel: 'info' });
  });

  it('keeps what was set last, whatever an earlier change had planned', () => {
    levels.set('trace', 10);
    levels.set('debug');
    jest.advanceTimersByTime(20_000);
    expect(levels.status).toEqual({ level: 'debug', configuredLevel: 'info' });
  });
});
