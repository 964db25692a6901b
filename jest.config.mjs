// Five tiers: small (no I/O, beside the code), fuzz (random input, beside the code), medium (one adapter against the real
// service), e2e (the whole program as processes) and outage (the same, while services are taken away). `npm test` runs all
// of them; scripts/test.ts starts the services.
const shared = {
  testEnvironment: 'node',
  rootDir: import.meta.dirname,
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  setupFiles: ['reflect-metadata'],
};

export default {
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'small',
      roots: [
        '<rootDir>/src',
        '<rootDir>/sandbox',
        '<rootDir>/scripts',
        '<rootDir>/quickstart',
        '<rootDir>/test/support',
      ],
      testRegex: '\\.spec\\.ts$',
    },
    { ...shared, displayName: 'fuzz', roots: ['<rootDir>/src'], testRegex: '\\.fuzz\\.ts$' },
    {
      ...shared,
      displayName: 'medium',
      roots: ['<rootDir>/test/medium'],
      testRegex: '\\.spec\\.ts$',
      // Node runs the program of a thread, which cannot read sources that have to be compiled.
      moduleNameMapper: {
        '/thread-entry\\.js$': '<rootDir>/test/support/built-thread-entry.ts',
        ...shared.moduleNameMapper,
      },
    },
    ...['e2e', 'outage'].map((tier) => ({
      ...shared,
      displayName: tier,
      roots: [`<rootDir>/test/${tier}`],
      testRegex: '\\.spec\\.ts$',
      setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'],
    })),
  ],
};
