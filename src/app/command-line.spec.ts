import { HELP, parseCommandLine } from './command-line.js';
import { runCommand } from './run-command.js';

async function run(...args: string[]) {
  const written = { out: '', err: '' };
  const code = await runCommand(args, {
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
  });
  return { code, ...written };
}

describe('the command line', () => {
  it('runs both halves when nothing is said', () => {
    expect(parseCommandLine([])).toMatchObject({ kind: 'run', role: 'all' });
  });

  it('takes role, pipeline and file', () => {
    expect(parseCommandLine(['--role', 'worker', '--pipeline', 'orders-1', '--config=a.yaml'])).toEqual({
      kind: 'run',
      role: 'worker',
      pipelineId: 'orders-1',
      configFile: 'a.yaml',
    });
    expect(parseCommandLine(['--migrate', '--config', 'a.yaml'])).toEqual({ kind: 'migrate', configFile: 'a.yaml' });
  });

  it.each([
    [['--role', 'boss'], '--role boss: must be one of mgmt, worker, all'],
    [['--role'], "Option '--role <value>' argument missing"],
    [['--roles', 'mgmt'], "Unknown option '--roles'"],
    [['mgmt'], "Unexpected argument 'mgmt'"],
    [['--pipeline', 'a'], '--pipeline needs --role worker'],
    [['--role', 'mgmt', '--pipeline', 'a'], '--pipeline needs --role worker'],
    [['--role', 'worker', '--pipeline', 'A b'], '--pipeline A b: is not the id of a pipeline'],
    [['--check-config', '--migrate'], '--check-config and --migrate exclude each other'],
    [['--config', ''], '--config needs the name of a file'],
  ])('answers %j in one line and with exit 2', async (args, expected) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(expected);
    expect(err).toMatch(/^[^\n]+ \(see --help\)\n$/);
  });

  it('helps and tells its version', async () => {
    expect(await run('--help', '--migrate')).toEqual({ code: 0, out: HELP, err: '' });
    expect((await run('--version')).out).toMatch(/^flow-stream-data-pipeline \d+\.\d+\.\d+ \(commit \S+\)\n$/);
  });

  it('says that settings are valid', async () => {
    expect(await run('--check-config')).toEqual({ code: 0, out: 'configuration is valid\n', err: '' });
  });

  it('lists what is wrong with settings and exits 2', async () => {
    const { code, err } = await run('--check-config', '--config', 'nowhere.yaml');
    expect({ code, err }).toEqual({ code: 2, err: 'nowhere.yaml: cannot be read: no such file\n' });
  });

  it('prints the settings that count', async () => {
    const { code, out } = await run('--print-config');
    expect(code).toBe(0);
    expect(out).toMatch(/^server:\n {2}httpPort: \d+\n/);
  });
});
