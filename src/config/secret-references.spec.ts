import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config-error.js';
import { describeFault } from './config-fault.js';
import { loadConfigWithWarnings } from './load-config.js';
import { encryptSecret } from './secret-cipher.js';

const folder = mkdtempSync(join(tmpdir(), 'references-'));
const key = Buffer.alloc(32, 1);
const otherKey = Buffer.alloc(32, 2);

function file(name: string, content: string | Buffer, mode = 0o600): string {
  writeFileSync(join(folder, name), content, { mode });
  return join(folder, name);
}

function load(yaml: string, environment: Record<string, string> = {}) {
  const { config, warnings } = loadConfigWithWarnings({ overlayFile: file('site.yaml', yaml), environment });
  return { config, warnings: warnings.map(describeFault) };
}

function faultsOf(yaml: string, environment: Record<string, string> = {}): string[] {
  try {
    load(yaml, environment);
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.faults.map(describeFault);
    }
    throw error;
  }
  return [];
}

/** A setting of its own line, so that nothing needs quotes. */
const password = (value: string, more = '') => `${more}\ndatabase:\n  password: ${value}\n`;

beforeAll(() => {
  mkdirSync(join(folder, 'secrets'));
  file('secrets/db', 'from a file\n');
  file('key', key.toString('base64'));
  file('empty', '\n');
  file('bytes', Buffer.of(0xff, 0xfe, 0x00));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a secret by reference', () => {
  const encrypted = (secret: string, by = key) => `\${enc:${encryptSecret(secret, by)}}`;

  it('comes from a variable, in a file as in a variable', () => {
    const environment = {
      DB: ' from a variable ',
      SDP_OPENSEARCH_PASSWORD: '${env:OS}',
      SDP_OPENSEARCH_USERNAME: 'me',
      OS: 'x'.repeat(9),
    };
    const { config, warnings } = load(password('${env:DB}'), environment);
    expect(config.database.password).toBe(' from a variable ');
    expect(config.opensearch.password).toBe('xxxxxxxxx');
    expect(warnings).toEqual([]);
  });

  it.each([
    ['relative to the settings file', '${file:secrets/db}'],
    ['absolute', `\${file:${join(folder, 'secrets/db')}}`],
    ['in quotes, with blanks around', '" ${file:./secrets/db} "'],
  ])('comes from a file without its last line break: %s', (_what, value) => {
    const { config, warnings } = load(password(value));
    expect(config.database.password).toBe('from a file');
    expect(warnings).toEqual([]);
  });

  it('starts from the working directory when a variable gives a relative path', () => {
    const fault =
      'database.password: refers to the file ' + `${join(process.cwd(), 'secrets/db')}, which cannot be read`;
    expect(faultsOf('', { SDP_DATABASE_PASSWORD: '${file:secrets/db}' })).toEqual([expect.stringContaining(fault)]);
  });

  it('loses one line break, and only one', () => {
    file('crlf', 'a\\b${env:HOME} \r\n');
    expect(load(password('${file:crlf}')).config.database.password).toBe('a\\b${env:HOME} ');
    file('two', 'secret\n\n');
    expect(faultsOf(password('${file:two}'))).toEqual([
      expect.stringMatching(/^database\.password = \*{6}: must be text of one line/),
    ]);
  });

  it('is decrypted with the key of secrets.keyFile, whose path starts from the settings file', () => {
    const yaml = password(encrypted('pässwörd'), 'secrets: { keyFile: key }');
    expect(load(yaml).config).toMatchObject({
      database: { password: 'pässwörd' },
      secrets: { keyFile: join(folder, 'key') },
    });
  });

  it('is never looked at when a higher layer gives the setting', () => {
    expect(load(password('${env:NOWHERE}'), { SDP_DATABASE_PASSWORD: 'plain' }).config.database.password).toBe('plain');
  });

  it.each([
    [
      'a variable that is not set',
      '${env:DB}',
      'refers to the variable DB, which is not set: set it, or correct the name',
    ],
    ['an empty variable', '${env:EMPTY}', 'refers to the variable EMPTY, which is empty: give it the secret'],
    ['no variable name', '${env:hunter 2}', 'by an illegal name: write ${env:NAME}'],
    [
      'a file that is not there',
      '${file:gone}',
      `refers to the file ${join(folder, 'gone')}, which cannot be read: no such file; correct`,
    ],
    ['a folder', '${file:secrets}', 'cannot be read: it is a folder'],
    ['an empty file', '${file:empty}', 'which is empty: write the secret into it'],
    ['bytes', '${file:bytes}', 'which does not hold UTF-8 text'],
    ['no path', '${file:}', 'refers to a file without its path'],
    ['an unknown kind', '${vault:hunter2}', 'is a reference of an unknown kind: write ${env:NAME}, ${file:/path} or'],
    ['a shell-like variable', '${HUNTER2}', 'is a reference of an unknown kind'],
    [
      'text before',
      'hunter2-${env:EMPTY}',
      'holds a reference beside other text: the whole value must be one reference',
    ],
    ['two references', '${env:EMPTY}${env:EMPTY}', 'holds a reference beside other text'],
    ['no key', encrypted('hunter2'), 'is encrypted, but secrets.keyFile is not set: name the file'],
  ])('is a fault with its remedy: %s', (_what, value, expected) => {
    const faults = faultsOf(password(value), { EMPTY: '' });
    expect(faults).toEqual([expect.stringMatching(/^database\.password: .* \(.*site\.yaml line 3\)$/)]);
    expect(faults[0]).toContain(expected);
    expect(faults[0]).not.toMatch(/hunter/i);
  });

  it.each([
    ['another key', encrypted('hunter2', otherKey), 'does not fit the key of secrets.keyFile, or was altered'],
    [
      'an altered text',
      encrypted('hunter2').replace(/.(.{3}\}$)/, (all, end: string) => (all[0] === 'A' ? 'B' : 'A') + end),
      'or was altered',
    ],
    ['a cut text', `${encrypted('hunter2').slice(0, 30)}}`, 'is not what --encrypt prints: copy all of it'],
    [
      'a text of another version',
      `\${enc:${Buffer.alloc(60, 9).toString('base64url')}}`,
      'is not what --encrypt prints',
    ],
    ['a text of another alphabet', encrypted('hunter2').replace('enc:', 'enc:+'), 'is not what --encrypt prints'],
  ])('is a fault when it cannot be decrypted: %s', (_what, value, expected) => {
    const faults = faultsOf(password(value, 'secrets: { keyFile: key }'));
    expect(faults).toEqual([expect.stringContaining(expected)]);
    expect(faults[0]).toMatch(/^database\.password: /);
  });

  it.each([
    [
      'missing',
      'gone',
      'the file of secrets.keyFile cannot be read: no such file; name the file with the key, or make one',
    ],
    ['no key', 'secrets/db', 'the file of secrets.keyFile does not hold 32 bytes in base64; make a key'],
  ])('is a fault when the key file is %s', (_what, path, expected) => {
    expect(faultsOf(password(encrypted('hunter2'), `secrets: { keyFile: ${path} }`))).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  it('hides no other fault, and causes none', () => {
    expect(faultsOf('mq: { username: me, password: "${env:NOWHERE}", mqPort: 0 }')).toEqual([
      expect.stringMatching(/^mq\.password: refers to the variable NOWHERE/),
      expect.stringMatching(/^mq\.mqPort = 0: /),
    ]);
  });

  it('is refused where it is not resolved, with what to do', () => {
    expect(faultsOf('mq:\n  username: ${env:ME}\nopensearch: { nodes: ["http://${env:HOST}"] }')).toEqual([
      expect.stringMatching(/^mq\.username: is no secret, so a reference in it .* set SDP_MQ_USERNAME \(.* line 2\)$/),
      expect.stringMatching(/^opensearch\.nodes: is no secret, .* set SDP_OPENSEARCH_NODES \(.* line 3\)$/),
    ]);
  });

  it('may look like one in part without being one', () => {
    expect(load(password('a${b}c$')).config.database.password).toBe('a${b}c$');
  });
});

describe('a warning', () => {
  it('names a plain secret in a file, and not one in the environment', () => {
    const { warnings } = load(password('hunter2'), { SDP_DEBUG_TOKEN: 'hunter3' });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^database\.password: is a secret and stands in a file as plain text: .* set SDP_DATABASE_PASSWORD \(.*site\.yaml line 3\)$/,
      ),
    ]);
    expect(warnings.join()).not.toContain('hunter');
  });

  it('names a secret that is too short to be found in log lines', () => {
    expect(load('', { SDP_DATABASE_PASSWORD: 'abc' }).warnings).toEqual([
      'database.password: has less than 4 characters, so log lines are not searched for it: choose a longer secret (SDP_DATABASE_PASSWORD)',
    ]);
    expect(load('', { SDP_DATABASE_PASSWORD: 'abcd' }).warnings).toEqual([]);
  });

  it('names a key that every user may read', () => {
    file('open-key', key.toString('base64'), 0o644);
    const yaml = password(`\${enc:${encryptSecret('hunter2', key)}}`, 'secrets: { keyFile: open-key }');
    expect(load(yaml).warnings).toEqual([
      expect.stringMatching(/^secrets\.keyFile = ".*open-key": can be read by every/),
    ]);
  });
});

describe('a settings file that is no YAML', () => {
  it.each(['*hunter2', '|hunter2', '!!map hunter2', '!hunter2 x', '%hunter2', '"\\hunter2"', '"hunter2', '[hunter2'])(
    'is refused without quoting what may be a secret: %s',
    (value) => {
      const faults = faultsOf(password(value));
      expect(faults).not.toEqual([]);
      expect(faults.join('\n')).toContain('is not YAML: ');
      expect(faults.join('\n')).not.toMatch(/unter2/);
    },
  );
});
