// What a reader would only notice after typing it: that the documents speak of the repository as it is.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'examples/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const withoutCode = (text: string) => text.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
const groupsOf = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, group = '']) => group);

/** Dotted paths of all settings and of the groups they are in. */
function settingPaths(group: object, prefix = ''): string[] {
  return Object.entries(group).flatMap(([key, value]: [string, unknown]) => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    return [prefix + key, ...(isGroup ? settingPaths(value, `${prefix}${key}.`) : [])];
  });
}

const settings = settingPaths(parse(read('config/default.yaml')) as object);
const sections = new Set(settings.filter((path) => !path.includes('.')));
const variables = new Set(settings.map((path) => `SDP_${path.replaceAll('.', '_').toUpperCase()}`));
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('links only to files that exist', () => {
    const targets = groupsOf(withoutCode(text), /\]\(([^)\s]+)\)/g)
      .filter((target) => !/^(https?:|#)/.test(target))
      .map((target) => target.replace(/#.*/, ''));
    const missing = targets.filter((target) => !existsSync(join(root, dirname(document), target)));

    expect(missing).toEqual([]);
  });

  it('names only scripts of package.json', () => {
    const named = groupsOf(text, /\bnpm run (?:-\S+ )*([\w:-]+)/g);

    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  it('names only settings that exist', () => {
    const named = groupsOf(text, /`([a-zA-Z]+(?:\.[a-zA-Z]+)+)(?::[^`]*)?`/g).filter((path) =>
      sections.has(path.split('.')[0] ?? ''),
    );

    expect(named.filter((path) => !settings.includes(path))).toEqual([]);
  });

  it('names only environment variables that are read', () => {
    const named = groupsOf(text, /\b(SDP_[A-Z_]*[A-Z])\b/g).filter((name) => !/^SDP_(SANDBOX_|CACHE_DIR)/.test(name));

    expect(named.filter((name) => !variables.has(name))).toEqual([]);
  });
});

describe('README.md', () => {
  const text = read('README.md');

  it('begins with the two commands', () => {
    expect(text.slice(text.indexOf('```sh'))).toMatch(/^```sh\nnpm run quickstart\nnpm test\n```/);
  });

  it('names settings and tests at all, so that the checks above see something', () => {
    expect(text).toMatch(/`server\.httpPort`/);
    expect(text).toMatch(/\]\(test\/e2e\/[\w-]+\.spec\.ts\)/);
  });
});

describe('docs/rejections.md', () => {
  it('explains exactly the codes of the program', () => {
    const table = /REJECTION_CODES = \{([^]*?)\n\}/.exec(read('src/domain/rejection.ts'))?.[1] ?? '';
    const codes = groupsOf(table, /^ {2}([A-Z_]+):/gm);

    expect(codes).toContain('DOCUMENT_REJECTED');
    expect(groupsOf(read('docs/rejections.md'), /^## (.+)$/gm)).toEqual(codes);
  });
});

describe('docs/troubleshooting.md', () => {
  const text = read('docs/troubleshooting.md');
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => read(`src/${path}`))
    .join('\n');

  it('explains exactly the codes of task faults', () => {
    const table = /TASK_FAULT_CODES = \{([^]*?)\n\}/.exec(read('src/domain/task-fault-codes.ts'))?.[1] ?? '';
    const codes = groupsOf(table, /^ {2}([A-Z_]+):/gm);

    expect(codes).toContain('OPENSEARCH_BLOCKED');
    expect(groupsOf(text, /^### ([A-Z_]{5,})$/gm).sort()).toEqual(codes.sort());
  });

  it('quotes only what the program says, word by word', () => {
    const quoted = groupsOf(text, /^```text\n(.+)\n```$/gm).flatMap((line) => line.split(/<[^<>]+>/));
    const words = quoted.map((part) => part.replaceAll(/^[\s:)]+|[\s:(]+$/g, '')).filter((part) => part.length > 3);

    expect(words).toContain('OpenSearch blocks writes to');
    expect(words.filter((part) => !sources.includes(part))).toEqual([]);
  });

  it('names only metrics and API errors that exist', () => {
    const metrics = groupsOf(text, /`(sdp_[a-z_]+)/g).map((name) => name.replace(/^sdp_|_total$|_seconds$/g, ''));
    const errors = groupsOf(text, /`StreamDataPipeline\.([A-Za-z.]+)`/g);

    expect(metrics.filter((name) => !sources.includes(name))).toEqual([]);
    expect(errors.filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
  });
});

describe('docs/migration.md', () => {
  const text = read('docs/migration.md');
  const sources = (folder: string, ending: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith(ending))
      .map((path) => read(`${folder}/${path}`));

  it('names only routes of the API', () => {
    const routes = sources('src/mgmt', '.controller.ts').flatMap((source) => {
      const [path = ''] = groupsOf(source, /@Controller\(\[`\$\{PUBLIC_BASE\}([^`]*)`/g);
      return [...source.matchAll(/@(Get|Post|Put|Delete)\((?:'([^']*)')?\)/g)].map(
        ([, method = '', below]) => `${method.toUpperCase()} ${path}${below ? `/${below}` : ''}`,
      );
    });
    const named = groupsOf(text, /`((?:GET|POST|PUT|DELETE) \/[^`? ]*)[^`]*`/g).filter(
      (route) => !route.endsWith('/health'),
    );

    expect(named).toContain('PUT /pipelines/:id/attrs/:fields');
    expect(named.filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('shows only settings that exist', () => {
    const shown = groupsOf(text.replaceAll(/^ {3}/gm, ''), /^```yaml\n([^]*?)^```/gm).flatMap((block) =>
      settingPaths(parse(block) as object),
    );

    expect(shown).toContain('kafka.names.group');
    expect(shown.filter((path) => !settings.includes(path))).toEqual([]);
  });

  it('names only error codes that exist', () => {
    const registry = sources('src/mgmt/errors', '-errors.ts').join('\n');
    const named = groupsOf(text, /`StreamDataPipeline\.([A-Za-z.]+)`/g);

    expect(named).toContain('ServiceUnavailable.IndexBase');
    expect(named.filter((code) => !registry.includes(`'${code}'`))).toEqual([]);
  });

  it('names every column that is added to the table of pipelines, and no other', () => {
    const migrations = sources('src/platform/database/migrations', '.ts');
    const [first = '', ...later] = migrations.map((source) =>
      source.includes('ADDED_COLUMNS') ? (/ADDED_COLUMNS = \[([^]*?)\n\]/.exec(source)?.[1] ?? '') : source,
    );
    const added = [
      ...groupsOf(first, /`(f_\w+) /g),
      ...groupsOf(later.join('\n'), /ADD COLUMN IF NOT EXISTS (f_\w+)/g),
    ];
    const [, table = ''] = text.split('### Table');
    const [list = ''] = table.split('each with a');

    expect(added).toContain('f_desired');
    expect(groupsOf(list, /`(f_\w+)`/g).sort()).toEqual(added.sort());
  });

  it('quotes the log line by which a pipeline is found', () => {
    const [line = ''] = groupsOf(text.replaceAll(/\s+/g, ' '), /log line, "([^"]+)"/g);

    expect(line).not.toBe('');
    expect(read('src/mgmt/pipelines/take-over.ts')).toContain(line);
  });
});
