import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { variableOf } from '../../src/config/environment-variable.js';
import { encryptSecret } from '../../src/config/secret-cipher.js';
import { SETTINGS } from '../../src/config/settings.js';

/** The ways to give a secret, taken in turn. */
const ways = ['in the file', 'by file', 'by variable', 'encrypted', 'in a variable', 'by file, in a variable'] as const;

interface Planted {
  path: string;
  value: string;
  /** Occurs in the value and in everything that is made of it; letters and digits, so that no escaping changes it. */
  core: string;
}

interface PlantOptions {
  /** Secrets that a service wants to have exactly so. */
  given?: Readonly<Record<string, string>>;
}

/** What is shorter may occur by chance. */
const distinctiveLength = 16;

/**
 * A secret of its own for every setting that the schema marks as one, given in all the ways there are: partly in the
 * settings file, partly in the environment.
 */
export class PlantedSecrets {
  readonly settingsFile: string;
  /** Variables for the program. */
  readonly environment: Record<string, string> = {};
  private readonly folder = mkdtempSync(join(tmpdir(), 'planted-'));
  private readonly planted: Planted[] = [];
  private readonly content: Record<string, Record<string, unknown>> = { secrets: { keyFile: 'key' } };
  private readonly key = randomBytes(32);

  constructor({ given = {} }: PlantOptions = {}) {
    this.settingsFile = join(this.folder, 'site.yaml');
    this.write('key', this.key.toString('base64'));
    const paths = [...SETTINGS.values()].filter(({ isSecret }) => isSecret);
    paths.forEach(({ path }, index) => this.plant(path, ways[index % ways.length] ?? 'in the file', given[path]));
    this.write('site.yaml', stringify(this.content));
  }

  get paths(): string[] {
    return this.planted.map(({ path }) => path);
  }

  valueOf(path: string): string {
    const found = this.planted.find((each) => each.path === path);
    if (!found) {
      throw new Error(`no secret was planted in ${path}`);
    }
    return found.value;
  }

  /** Which secret occurs in which of the texts (by name), plainly, escaped for JSON or an address, or in base64. */
  leaksIn(texts: ReadonlyMap<string, string>): string[] {
    const distinctive = this.planted.filter(({ core }) => core.length >= distinctiveLength);
    return distinctive.flatMap(({ path, core }) =>
      [...texts]
        .filter(([, text]) => [core, ...base64FormsOf(core)].some((form) => text.includes(form)))
        .map(([name]) => `${path} in ${name}`),
    );
  }

  /** A module that makes the program die of an error which carries all secrets, once it gets SIGUSR2. */
  fatalModule(): string {
    const given = 'given.json';
    this.write(given, JSON.stringify(this.planted.map(({ value }) => value)));
    // As a driver would whose error quotes what it was given: in the message, the cause and in fields.
    this.write(
      'fatal.mjs',
      `import { readFileSync } from 'node:fs';
      const given = JSON.parse(readFileSync(new URL('${given}', import.meta.url)));
      process.on('SIGUSR2', () => {
        throw Object.assign(new Error('cannot log in with ' + given.join(), { cause: new Error(given.join(' or ')) }), {
          config: { url: given.map(encodeURIComponent), header: given.map((each) => 'Bearer ' + each) },
        });
      });`,
    );
    return join(this.folder, 'fatal.mjs');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private plant(path: string, way: (typeof ways)[number], given: string | undefined): void {
    const core = given ?? `SECRET${randomBytes(12).toString('hex')}`;
    const value = given ?? valueFor(path, core);
    this.planted.push({ path, value, core });
    const variable = variableOf(path);
    // What the surroundings set already would win over a file.
    switch (process.env[variable] === undefined ? way : 'by file, in a variable') {
      case 'in the file':
        return this.say(path, value);
      case 'by file':
        this.write(path, `${value}\n`);
        return this.say(path, `\${file:${path}}`);
      case 'by variable':
        this.environment[`PLANTED_${core}`] = value;
        return this.say(path, `\${env:PLANTED_${core}}`);
      case 'encrypted':
        return this.say(path, `\${enc:${encryptSecret(value, this.key)}}`);
      case 'in a variable':
        this.environment[variable] = value;
        return;
      case 'by file, in a variable':
        this.write(path, value);
        this.environment[variable] = `\${file:${join(this.folder, path)}}`;
        return;
    }
  }

  private say(path: string, value: string): void {
    const keys = path.split('.');
    const leaf = keys.pop() ?? path;
    const group = keys.reduce<Record<string, unknown>>(
      (parent, key) => (parent[key] ??= {}) as Record<string, unknown>,
      this.content,
    );
    group[leaf] = value;
  }

  private write(name: string, content: string): void {
    writeFileSync(join(this.folder, name), content, { mode: 0o600 });
  }
}

/** With characters that have to be escaped, where the protocol behind the setting allows any. */
function valueFor(path: string, core: string): string {
  switch (path) {
    case 'tracing.headers':
      return `authorization=Bearer ${core}`;
    case 'handlers.secrets':
      return `planted=${core}`;
    case 'debug.token':
      return core;
    default:
      return `${core} "\\/%&<'`;
  }
}

/** What base64 shows of the text wherever in an encoded text it begins; the ends depend on what is around it. */
function base64FormsOf(text: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
    const whole = bytes.subarray(shift === 0 ? 0 : 3, bytes.length - (bytes.length % 3));
    return [whole.toString('base64'), whole.toString('base64url')];
  });
}
