import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { getPrometheusProgram } from '../../sandbox/prometheus.js';

const run = promisify(execFile);
const folder = resolve(import.meta.dirname, '../../monitoring');
const downloadDeadlineMs = 120_000;

describe('the alert rules, by the judgement of promtool', () => {
  let promtool: string;

  beforeAll(async () => {
    promtool = await getPrometheusProgram('promtool', { print: () => undefined });
  }, downloadDeadlineMs);

  it.each([
    ['can be loaded', ['check', 'config', 'prometheus.yaml'], /11 rules found/],
    ['fire when they should, and are quiet when they should be', ['test', 'rules', 'alerts.test.yaml'], /SUCCESS/],
  ])('%s', async (_, words, wanted) => {
    // It ends with 1, and the promise is rejected with what it said, when something is wrong.
    const { stdout } = await run(promtool, words, { cwd: folder });
    expect(stdout).toMatch(wanted);
  });
});
