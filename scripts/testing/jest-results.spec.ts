import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isSuccess, readJestResults, tierLine, totalLine } from './jest-results.ts';

describe('readJestResults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jest-results-'));
  const file = join(folder, 'results.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  const json = {
    numPassedTests: 7,
    numFailedTests: 2,
    numRuntimeErrorTestSuites: 1,
    numPendingTests: 3,
    numTodoTests: 1,
  };

  it('counts a file that could not be run as a failure', () => {
    writeFileSync(file, JSON.stringify(json));
    expect(readJestResults(file)).toEqual({ passed: 7, failed: 3, skipped: 4 });
  });

  it.each([
    ['cut off', JSON.stringify(json).slice(0, 40)],
    ['of another shape', '{"numPassedTests": 7}'],
  ])('knows no result from a file that is %s', (_, text) => {
    writeFileSync(file, text);
    expect(readJestResults(file)).toBeUndefined();
  });

  it('knows no result when Jest wrote none', () => {
    expect(readJestResults(join(folder, 'none.json'))).toBeUndefined();
  });
});

describe('the lines of a run', () => {
  const small = { tier: 'small', passed: 10, failed: 0, skipped: 0, seconds: 1.25 };
  const e2e = { tier: 'e2e', passed: 4, failed: 1, skipped: 2, seconds: 60 };

  it('add up to one total', () => {
    expect(totalLine([small, e2e])).toBe('14 passed, 1 failed');
    expect(totalLine([])).toBe('0 passed, 0 failed');
  });

  it('are never taken for the total', () => {
    expect(tierLine(e2e)).toBe('  e2e     4 passed, 1 failed, 2 skipped in 60.0 s');
    expect(tierLine(small)).not.toMatch(/^\d+ passed, \d+ failed$/m);
  });

  it('succeed only when something passed and nothing failed', () => {
    expect(isSuccess([small])).toBe(true);
    expect(isSuccess([small, e2e])).toBe(false);
    expect(isSuccess([{ passed: 0, failed: 0, skipped: 5 }])).toBe(false);
    expect(isSuccess([])).toBe(false);
  });
});
