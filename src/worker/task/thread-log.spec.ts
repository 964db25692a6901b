import { ThreadLog } from './thread-log.js';
import type { FromThread } from './thread-messages.js';

describe('the log of a task thread', () => {
  let posted: FromThread[];
  let log: ThreadLog;

  beforeEach(() => {
    posted = [];
    log = new ThreadLog((message) => posted.push(message));
  });

  const levelsAt = (level: string) => {
    posted = [];
    log.setLevel(level);
    for (const each of ['debug', 'info', 'warn', 'error'] as const) {
      log.of('orders', 3)(each, 'said', {});
    }
    return posted.map((message) => message.kind === 'log' && message.level);
  };

  it.each([
    ['trace', ['debug', 'info', 'warn', 'error']],
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['error', ['error']],
    ['silent', []],
  ])('posts at level %s no line that nobody would see', (level, expected) => {
    expect(levelsAt(level)).toEqual(expected);
  });

  it('follows each change', () => {
    expect(levelsAt('error')).toEqual(['error']);
    expect(levelsAt('debug')).toHaveLength(4);
  });

  it('names pipeline and task, and what may repeat', () => {
    log.of('orders', 3)('warn', 'said', { partition: 5 }, 'why');
    expect(posted).toEqual([
      {
        kind: 'log',
        level: 'warn',
        message: 'said',
        fields: { pipeline: 'orders', task: 3, partition: 5 },
        fault: 'why',
      },
    ]);
  });

  it('gathers costly fields only for a line that is written', () => {
    log.setLevel('info');
    const costly = () => {
      throw new Error('gathered in vain');
    };
    expect(() => log.of('orders', 0)('debug', 'said', costly)).not.toThrow();
    log.of('orders', 0)('info', 'said', () => ({ offset: 7 }));
    expect(posted).toMatchObject([{ fields: { offset: 7 } }]);
  });
});
