import { parseCommandLine } from './command-line.ts';

describe('parseCommandLine', () => {
  it.each([
    ['up', 'default', { verb: 'up', only: ['kafka', 'opensearch', 'mariadb'] }],
    ['up --only mariadb,kafka --name a', 'a', { verb: 'up', only: ['kafka', 'mariadb'] }],
    ['--name a down', 'a', { verb: 'down' }],
    ['kill opensearch', 'default', { verb: 'kill', service: 'opensearch' }],
    [
      'run promtool check rules --name x',
      'default',
      { verb: 'run', program: 'promtool', words: ['check', 'rules', '--name', 'x'] },
    ],
    ['', 'default', { verb: 'help' }],
    ['up --help', 'default', { verb: 'help' }],
  ])('understands "%s"', (line, name, command) => {
    expect(parseCommandLine(line.split(' ').filter(Boolean))).toEqual({ name, command });
  });

  it.each([
    ['frob', '"frob" is no command'],
    ['up --only zookeeper', '"zookeeper" is no service'],
    ['down --only kafka', '--only belongs to "up"'],
    ['stop', '"stop" takes one service'],
    ['stop kafka mariadb', '"stop" takes one service'],
    ['run grafana', '"run" takes one of prometheus, promtool first'],
    ['up now', 'takes no further words: now'],
    ['up --nmae x', "'--nmae'"],
  ])('refuses "%s" in one line', (line, message) => {
    expect(() => parseCommandLine(line.split(' '))).toThrow(message);
  });
});
