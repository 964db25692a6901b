import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Import rules. Each ban says why and what to use instead; docs/architecture.md draws the picture they enforce.
const clientBans = [
  {
    group: ['typeorm', 'typeorm/*', '@nestjs/typeorm', 'mysql2', 'mysql2/*'],
    message:
      'SQL stays in *.entity, *.repository and platform/database, so that rules can be read without it: ask a repository.',
  },
  {
    group: ['@opensearch-project/*'],
    message: 'The OpenSearch client stays in platform/opensearch, so that time-outs and failover are decided once.',
  },
  {
    group: ['kafkajs', 'kafkajs/*'],
    message: 'kafkajs stays in platform/kafka and control/: use the admin, publisher or subscriber from there.',
  },
  {
    group: ['@platformatic/kafka', '@platformatic/kafka/*'],
    message: 'The data-plane client stays in platform/kafka: use the source, the producers and the cursors from there.',
  },
  {
    group: ['@opentelemetry/*', 'import-in-the-middle', 'require-in-the-middle'],
    message:
      'OpenTelemetry stays in platform/tracing, so that none of it is loaded while tracing is off: hand finished spans to a SpanSink.',
  },
];
const without = (...names) => clientBans.filter((ban) => !names.some((name) => ban.group.includes(name)));
const nest = {
  group: ['@nestjs/*'],
  message: 'This room works without Nest, so that a thread, a test or another program can use it: pass what it needs.',
};
const direction = (layer, ...rooms) => ({
  group: rooms.flatMap((room) => [`**/${room}/*`, `**/${room}/**`, `**/${room}.js`]),
  message: `Imports go one way (domain, json <- stream, config <- handlers <- document, control, platform <- mgmt, worker <- app): ${layer} may not know these rooms. Move the shared part down, or pass it in.`,
});
const halves = 'mgmt and worker never import each other, so that each boots alone: they meet in control/.';
const imports = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'node_modules/', '.sandbox/', 'test-results/']),
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true }],
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        { name: 'it.skip', message: 'A skipped test needs a reason in an issue, and then it is deleted.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "Program > VariableDeclaration[kind='let']",
          message: 'Module state is hidden state: keep it in a class that is passed in.',
        },
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'One door for settings: the config loader reads the environment; take a config slice instead.',
        },
      ],
    },
  },
  {
    files: [
      'src/config/load-config.ts',
      'test/**/*.ts',
      'sandbox/**/*.ts',
      'quickstart/**/*.ts',
      'scripts/**/*.ts',
      'bench/**/*.ts',
      'examples/**/*.ts',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "Program > VariableDeclaration[kind='let']",
          message: 'Module state is hidden state: keep it in a class that is passed in.',
        },
      ],
    },
  },
  {
    files: ['sandbox/**/*.ts', 'quickstart/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', 'examples/**/*.ts'],
    // These talk to a person at a terminal.
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.spec.ts', '**/*.fuzz.ts'],
    rules: {
      'max-lines': ['error', { max: 600 }],
      // A describe block is one long function by nature.
      'max-lines-per-function': 'off',
      // supertest and parsed bodies are untyped; the assertion is the check.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  imports(
    ['src/domain/**/*.ts'],
    [
      ...clientBans,
      nest,
      direction('domain', 'stream', 'config', 'handlers', 'document', 'control', 'platform', 'mgmt', 'worker', 'app'),
    ],
  ),
  imports(
    ['src/json/**/*.ts'],
    [
      ...clientBans,
      nest,
      direction(
        'json',
        'domain',
        'stream',
        'config',
        'handlers',
        'document',
        'control',
        'platform',
        'mgmt',
        'worker',
        'app',
      ),
    ],
  ),
  imports(
    ['src/stream/**/*.ts'],
    [
      ...clientBans,
      nest,
      direction('stream', 'config', 'handlers', 'document', 'control', 'platform', 'mgmt', 'worker', 'app'),
    ],
  ),
  imports(
    ['src/config/**/*.ts'],
    [
      ...clientBans,
      nest,
      direction('config', 'stream', 'handlers', 'document', 'control', 'platform', 'mgmt', 'worker', 'app'),
    ],
  ),
  imports(
    ['src/handlers/**/*.ts'],
    [...clientBans, nest, direction('handlers', 'document', 'control', 'platform', 'mgmt', 'worker', 'app')],
  ),
  imports(
    ['src/document/**/*.ts'],
    [...clientBans, nest, direction('document', 'config', 'control', 'platform', 'mgmt', 'worker', 'app')],
  ),
  imports(['src/control/**/*.ts'], [...without('kafkajs'), direction('control', 'mgmt', 'worker', 'app')]),
  imports(
    ['src/platform/**/*.ts'],
    [...clientBans, direction('platform', 'mgmt', 'worker', 'app')],
    ['src/platform/kafka/**', 'src/platform/opensearch/**', 'src/platform/database/**', 'src/platform/tracing/**'],
  ),
  imports(
    ['src/platform/kafka/**/*.ts'],
    [...without('kafkajs', '@platformatic/kafka'), direction('platform', 'mgmt', 'worker', 'app')],
  ),
  imports(
    ['src/platform/opensearch/**/*.ts'],
    [...without('@opensearch-project/*'), direction('platform', 'mgmt', 'worker', 'app')],
  ),
  imports(
    ['src/platform/tracing/**/*.ts'],
    [...without('@opentelemetry/*'), direction('platform', 'mgmt', 'worker', 'app')],
  ),
  imports(['src/platform/database/**/*.ts'], [...without('typeorm'), direction('platform', 'mgmt', 'worker', 'app')]),
  imports(
    ['src/mgmt/**/*.ts'],
    [...clientBans, direction('mgmt', 'app'), { group: ['**/worker/**'], message: halves }],
    ['src/**/*.entity.ts', 'src/**/*.repository.ts'],
  ),
  imports(
    ['src/mgmt/**/*.entity.ts', 'src/mgmt/**/*.repository.ts'],
    [...without('typeorm'), direction('mgmt', 'app'), { group: ['**/worker/**'], message: halves }],
  ),
  imports(
    ['src/worker/**/*.ts'],
    [...clientBans, direction('worker', 'app'), { group: ['**/mgmt/**'], message: halves }],
    ['src/worker/flow/**', 'src/worker/task/**'],
  ),
  imports(
    ['src/worker/task/**/*.ts', 'src/worker/flow/**/*.ts'],
    [...clientBans, nest, direction('worker', 'app'), { group: ['**/mgmt/**'], message: halves }],
  ),
  imports(['src/app/**/*.ts', 'src/main.ts'], [...clientBans]),
  imports(
    ['examples/**/*.ts'],
    [
      ...clientBans,
      nest,
      {
        group: ['.*', '**/src/**', '**/dist/**'],
        message: 'An example stands alone, as an app elsewhere does: it imports by the entry points of the package.',
      },
    ],
  ),
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', setTimeout: 'readonly', URL: 'readonly' } },
  },
  prettier,
);
