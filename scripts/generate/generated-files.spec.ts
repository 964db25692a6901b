import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { AppConfig } from '../../src/config/app-config.js';
import { IsFlag } from '../../src/config/rules.js';
import { checkHandlers } from '../../src/handlers/check-handlers.js';
import { HANDLER_TYPES } from '../../src/handlers/handler-types.js';
import { SETTINGS } from '../../src/config/settings.js';
import { defaultsFile } from './defaults-file.js';
import { DocComments } from './doc-comments.js';
import { generatedFiles } from './generated-files.js';
import { schemaTree } from './schema-tree.js';

const root = join(import.meta.dirname, '../..');
const comments = new DocComments(join(root, 'src/config'));

describe('npm run generate', () => {
  it('would leave every committed file as it is', async () => {
    const files = await generatedFiles(root);
    expect(files).toHaveLength(5);
    for (const { path, content } of files) {
      expect({ path, content: readFileSync(join(root, path), 'utf8') }).toEqual({ path, content });
    }
  });

  it('writes defaults that are those of the schema', () => {
    expect(parse(defaultsFile(schemaTree(comments)))).toEqual(JSON.parse(JSON.stringify(new AppConfig())));
  });

  it('explains every setting, its variable and each secret', () => {
    const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
    for (const { path, isSecret } of SETTINGS.values()) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${path}\`<br>\`SDP_`)) ?? '';
      expect({ path, isExplained: row !== '', isSecret: row.includes('**Secret.**') }).toEqual({
        path,
        isExplained: true,
        isSecret,
      });
    }
  });
});

describe('docs/handlers.md', () => {
  const page = readFileSync(join(root, 'docs/handlers.md'), 'utf8');
  const blocks = [...page.matchAll(/^```json\n([^]*?)^```/gm)].map(([, json = '']) => JSON.parse(json) as unknown);

  /** A handler, a list of them, or a pipeline. */
  const handlersOf = (block: unknown): unknown[] => (block as { handlers?: unknown[] }).handlers ?? [block].flat();

  it('shows handlers that a pipeline may have', () => {
    expect(blocks.length).toBeGreaterThan(HANDLER_TYPES.size);
    const faults = blocks.map((block) => checkHandlers(handlersOf(block), { secret: () => 'known' }));
    expect(faults.flat()).toEqual([]);
  });

  it('has a section for each type, with its options and its example', () => {
    for (const [name, { options, example }] of HANDLER_TYPES) {
      const section = page.split('\n### ').find((part) => part.startsWith(`${name}\n`)) ?? '';
      const missing = [...Object.keys(options), example.before].filter((text) => !section.includes(text));
      expect({ name, missing }).toEqual({ name, missing: [] });
    }
  });
});

describe('a setting', () => {
  class Silent {
    /** Explained. */
    @IsFlag()
    readonly heard: boolean = true;

    @IsFlag()
    readonly silent: boolean = true;
  }
  const folder = mkdtempSync(join(tmpdir(), 'comments-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('without a doc comment ends the generation', () => {
    const source =
      'class Silent {\n  /** Explained.\n   * @example - a */\n  heard = true;\n  // not a doc comment\n  silent = true;\n}';
    writeFileSync(join(folder, 'silent.ts'), source);
    const own = new DocComments(folder);
    expect(own.get(new Silent(), 'heard')).toEqual({ text: 'Explained.', example: '- a' });
    expect(() => own.get(new Silent(), 'silent')).toThrow('Silent.silent has no doc comment: say there what');
  });
});
