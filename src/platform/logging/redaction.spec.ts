import { LogConfig } from '../../config/log-config.js';
import { createLogger } from './create-logger.js';

function logged(fields: object): Record<string, unknown> {
  const lines: string[] = [];
  const logger = createLogger({
    config: new LogConfig(),
    service: 'pipes',
    role: 'mgmt',
    version: '1.2.3',
    destination: { write: (line: string) => void lines.push(line) },
  });
  logger.info(fields, 'x');
  return JSON.parse(lines.join('')) as Record<string, unknown>;
}

const circular: Record<string, unknown> = { name: 'a' };
circular['self'] = circular;

describe('fields of a log line', () => {
  it.each([
    ['bytes', Buffer.from('abc'), '3 bytes'],
    ['bytes inside', { a: [{ b: new Uint8Array(2) }] }, { a: [{ b: '2 bytes' }] }],
    ['an address', { url: new URL('http://a/b') }, { url: 'http://a/b' }],
    ['a time', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a large integer', 2n ** 60n, '1152921504606846976'],
    [
      'a getter that throws',
      {
        get x(): string {
          throw new Error('never');
        },
      },
      { x: '[unreadable]' },
    ],
    ['an error among others', [new Error('inner')], [expect.objectContaining({ message: 'inner' })]],
    ['an object that holds itself', circular, expect.objectContaining({ name: 'a' })],
  ])('may be %s', (_what, value, expected) => {
    expect(logged({ value })).toMatchObject({ value: expected, msg: 'x' });
  });

  it('may be an error that carries any of it, and a secret', () => {
    const carried = { body: Buffer.from('abc'), to: new URL('http://a/'), config: { password: 'hunter2' } };
    const { err } = logged({ err: Object.assign(new Error('outer', { cause: new Error('inner') }), carried) });
    expect(err).toMatchObject({ body: '3 bytes', to: 'http://a/', config: { password: '******' } });
    expect(err).toMatchObject({ type: 'Error', message: 'outer: inner', stack: expect.stringContaining('caused by') });
  });
});
