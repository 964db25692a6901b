import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config/load-config.js';
import { HELP, parseCommandLine } from './command-line.js';
import { runCommand } from './run-command.js';
import { readSecretFrom } from './secret-input.js';

async function run(...args: string[]) {
  return runWithInput([], ...args);
}

async function runWithInput(input: readonly string[], ...args: string[]) {
  const written = { out: '', err: '' };
  const stream = async function* () {
    yield* await Promise.resolve(input.map((part) => Buffer.from(part)));
  };
  const err = (text: string) => (written.err += text);
  const code = await runCommand(args, {
    out: (text) => (written.out += text),
    err,
    readSecret: () => readSecretFrom(stream(), err),
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
    [
      ['--role', 'worker', '--pipeline', 'A b'],
      '--pipeline A b: is not the id of a pipeline: 1 to 40 of a-z, 0-9 and -, and no - first',
    ],
    [['--check-config', '--migrate'], '--check-config and --migrate exclude each other'],
    [['--encrypt', '--print-config'], '--print-config and --encrypt exclude each other'],
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

describe('--encrypt', () => {
  const folder = mkdtempSync(join(tmpdir(), 'encrypt-'));
  const file = (name: string, content: string, mode = 0o600) => {
    writeFileSync(join(folder, name), content, { mode });
    return join(folder, name);
  };
  const key = Buffer.alloc(32, 7).toString('base64');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('prints what a settings file may say instead of the secret, other each time, and nothing else', async () => {
    file('key', `${key}\n`);
    // The settings are not complete yet: a user name without its password.
    const site = file('site.yaml', 'secrets: { keyFile: key }\nmq: { username: me }\n');
    const [first, second] = [
      await runWithInput(['hun', 'ter2\n'], '--encrypt', '--config', site),
      await runWithInput(['hunter2'], '--encrypt', '--config', site),
    ];
    expect(first).toEqual({ code: 0, out: expect.stringMatching(/^\$\{enc:[\w-]{48}\}\n$/), err: '' });
    expect(first.out).not.toBe(second.out);
    for (const { out } of [first, second]) {
      const whole = file('whole.yaml', `secrets:\n  keyFile: key\nmq:\n  username: me\n  password: ${out}`);
      expect(loadConfig({ overlayFile: whole, environment: {} }).mq.password).toBe('hunter2');
    }
  });

  it.each([
    [[], 'and got none'],
    [['\n'], 'and got none'],
    [['hunter2\nhunter3\n'], 'of one line'],
  ])('refuses %j as a secret and shows nothing of it', async (input, expected) => {
    const site = file('site.yaml', `secrets: { keyFile: ${file('key', key)} }`);
    const { code, out, err } = await runWithInput(input, '--encrypt', '--config', site);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(expected);
    expect(err).not.toContain('hunter');
  });

  it.each([
    [
      '',
      'secrets.keyFile: names no key to encrypt with: make one with (umask 077 && openssl rand -base64 32 > sdp.key)',
    ],
    [
      'secrets: { keyFile: nowhere }',
      'cannot be read: no such file; name the file with the key, or make one with (umask',
    ],
    ['secrets: { keyFile: short }', 'does not hold 32 bytes in base64; make a key with (umask 077 && openssl rand'],
  ])('says how to make a key when there is none: %s', async (yaml, expected) => {
    file('short', 'c2hvcnQ=');
    const { code, out, err } = await runWithInput(['hunter2'], '--encrypt', '--config', file('site.yaml', yaml));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(expected);
  });

  it('warns of a key that everybody may read', async () => {
    const site = file('site.yaml', `secrets: { keyFile: ${file('open', key, 0o644)} }`);
    const { code, err } = await runWithInput(['hunter2'], '--encrypt', '--config', site);
    expect(code).toBe(0);
    expect(err).toMatch(/^warning: secrets\.keyFile = "[^"]+open": can be read by every user/);
  });
});

describe('a secret that is typed', () => {
  it('is not shown, can be corrected, and ends with Enter', async () => {
    const modes: boolean[] = [];
    let shown = '';
    const terminal = Object.assign(
      (async function* () {
        yield* await Promise.resolve(['hux', '\u007f', 'nter2', '\r', 'more'].map((part) => Buffer.from(part)));
      })(),
      { isTTY: true as const, setRawMode: (isRaw: boolean) => modes.push(isRaw) },
    );
    const secret = await readSecretFrom(terminal as never, (text) => (shown += text));
    expect({ secret, modes, shown }).toEqual({
      secret: 'hunter2',
      modes: [true, false],
      shown: 'secret (not shown): \n',
    });
  });
});

describe('settings that should be mended', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are told by --check-config without the secret, and are valid all the same', async () => {
    const site = join(folder, 'site.yaml');
    writeFileSync(site, 'mq:\n  username: me\n  password: hunter2\n');
    const { code, out, err } = await run('--check-config', '--config', site);
    expect({ code, out }).toEqual({ code: 0, out: 'configuration is valid\n' });
    expect(err).toMatch(
      /^warning: mq\.password: is a secret and stands in a file as plain text.*site\.yaml line 3\)\n$/,
    );
    expect(err).not.toContain('hunter2');
  });
});
