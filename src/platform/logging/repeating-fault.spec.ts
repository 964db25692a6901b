import { jest } from '@jest/globals';
import { pino } from 'pino';
import { RepeatingFault } from './repeating-fault.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

describe('a repeating fault', () => {
  let lines: string[];
  let fault: RepeatingFault;

  beforeEach(() => {
    jest.useFakeTimers();
    lines = [];
    fault = new RepeatingFault(
      pino({ formatters: { level: (level) => ({ level }) } }, { write: (line) => void lines.push(line) }),
    );
  });
  afterEach(() => jest.useRealTimers());

  const wait = (ms: number) => jest.advanceTimersByTime(ms);
  const events = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const told = () => events().map(({ msg }) => msg);

  it('is logged at once, then once a minute with the count', () => {
    for (let second = 0; second <= 120; second += 1) {
      fault.report('search', { node: 'a' }, 'does not answer');
      wait(SECOND_MS);
    }
    expect(events().map((event) => event['occurrences'])).toEqual([undefined, 60, 60]);
    expect(events()[2]).toMatchObject({ level: 'warn', node: 'a', msg: 'does not answer' });
  });

  it('is counted to its last occurrence, also when none follows', () => {
    for (let times = 0; times < 5; times += 1) {
      fault.report('search', { times }, 'does not answer');
    }
    wait(3 * MINUTE_MS);
    expect(events().map(({ times, occurrences }) => [times, occurrences])).toEqual([
      [0, undefined],
      [4, 4],
    ]);
  });

  it('does not hide another fault', () => {
    fault.report('a', {}, 'one');
    fault.report('b', {}, 'two', 'error');
    expect(events().map((event) => event['level'])).toEqual(['warn', 'error']);
  });

  it('is told to be over once, with what was not logged, and is news when it comes back', () => {
    fault.end('a', {}, 'answers again');
    fault.report('a', {}, 'silent');
    fault.report('a', {}, 'silent');
    fault.end('a', {}, 'answers again');
    fault.end('a', {}, 'answers again');
    wait(2 * MINUTE_MS);
    fault.report('a', {}, 'silent');
    expect(events().map((event) => [event['msg'], event['unloggedOccurrences']])).toEqual([
      ['silent', undefined],
      ['answers again', 1],
      ['silent', undefined],
    ]);
  });

  it('that comes and goes is logged once a minute, and its end after a minute of quiet', () => {
    for (let second = 0; second < 300; second += 1) {
      fault.report('a', {}, 'silent');
      fault.end('a', {}, 'answers again');
      wait(SECOND_MS);
    }
    expect(told()).toEqual(['silent', 'answers again', ...Array<string>(5).fill('silent')]);
    wait(3 * MINUTE_MS);
    expect(told().slice(7)).toEqual(['answers again']);
    fault.report('a', {}, 'silent');
    expect(told().slice(8)).toEqual(['silent']);
  });

  it('never leaves the log with the wrong last word', () => {
    for (let times = 0; times < 3; times += 1) {
      fault.report('a', {}, 'silent');
      fault.end('a', {}, 'answers again');
    }
    fault.report('a', {}, 'silent');
    wait(10 * MINUTE_MS);
    expect(told().at(-1)).toBe('silent');
    fault.end('a', {}, 'answers again');
    wait(2 * MINUTE_MS);
    expect(told().at(-1)).toBe('answers again');
  });

  it('ends with all others that had the same cause', () => {
    fault.report('a', {}, 'silent');
    fault.report('b', {}, 'slow');
    fault.endAll({}, 'all well');
    fault.endAll({}, 'all well');
    expect(events().map(({ msg, fault: which }) => [msg, which])).toEqual([
      ['silent', undefined],
      ['slow', undefined],
      ['all well', 'silent'],
      ['all well', 'slow'],
    ]);
  });

  it('keeps memory bounded when every fault is another one', () => {
    for (let index = 0; index <= 1000; index += 1) {
      fault.report(`key ${index}`, {}, 'x');
    }
    fault.report('key 1000', {}, 'x');
    fault.report('key 0', {}, 'x');
    expect(events()).toHaveLength(1002);
  });
});
