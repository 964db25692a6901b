import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

import { listTests, root, runJest } from './jest-process.ts';
import { isSuccess, readJestResults, tierLine, totalLine, type TierOutcome } from './jest-results.ts';
import { neededServices } from './needed-services.ts';
import { TestSandbox } from './test-sandbox.ts';
import type { Selection, Tier } from './tiers.ts';

type Print = (line: string) => void;
type Services = { environment: Record<string, string> } | { fault: string };

interface Choice {
  tier: Tier;
  files: string[];
}

/** One call of `npm test`: build, services, tiers, and the traces of what failed. */
export class TestRun {
  readonly #selection: Selection;
  readonly #print: Print;
  readonly #signal: AbortSignal;
  readonly #folder: string;
  readonly #sandboxes: TestSandbox[] = [];
  readonly #outcomes: TierOutcome[] = [];

  constructor(selection: Selection, print: Print, signal: AbortSignal) {
    this.#selection = selection;
    this.#print = print;
    this.#signal = signal;
    this.#folder = join(root, 'test-results', new Date().toISOString().replaceAll(':', '-').replace(/\..*/, ''));
  }

  /** Prints as it goes, the total last. Resolves with true when tests ran and all passed. Leaves no process. */
  async run(): Promise<boolean> {
    mkdirSync(this.#folder, { recursive: true });
    await this.#guarded('run', () => this.#runTiers());
    await this.#guarded('clean-up', () => this.#cleanUp());
    this.#print('');
    for (const outcome of this.#outcomes) this.#print(tierLine(outcome));
    if (!this.#isSuccess) this.#print(`  logs    ${relative(root, this.#folder)}`);
    this.#print(totalLine(this.#outcomes));
    return this.#isSuccess;
  }

  /** What nobody foresaw is a failure like others: the total still comes, and counts it. */
  async #guarded(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#fail(name, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  get #isSuccess(): boolean {
    return isSuccess(this.#outcomes) && !this.#signal.aborted;
  }

  async #runTiers(): Promise<void> {
    const chosen = await this.#chosenTiers();
    const served = chosen.filter(({ tier }) => tier.needsServices);
    const unbuilt = served.length > 0 ? await this.#build() : undefined;
    for (const { tier } of chosen.filter(({ tier }) => !tier.needsServices)) {
      await this.#runTier(tier, {});
    }
    if (served.length === 0) return;
    const kept = served.filter(({ tier }) => !tier.stopsServices);
    const stopping = served.filter(({ tier }) => tier.stopsServices);
    const services = await this.#services('kept', kept, unbuilt);
    for (const { tier } of kept.slice(0, -1)) await this.#runServed(tier, services);
    await Promise.all([
      ...kept.slice(-1).map(({ tier }) => this.#runServed(tier, services)),
      ...stopping.map(async (choice) => {
        await this.#runServed(choice.tier, await this.#services(choice.tier.name, [choice], unbuilt));
      }),
    ]);
  }

  /** The tiers with their files; with a pattern only those in which something matches it. */
  async #chosenTiers(): Promise<Choice[]> {
    const { tiers, jestArguments } = this.#selection;
    const choices = [];
    for (const tier of tiers) {
      const files = await listTests([...jestArguments, '--selectProjects', tier.name]);
      if (files.length > 0) choices.push({ tier, files });
      else if (jestArguments.length === 0) this.#fail(tier.name, 'there is no test file');
    }
    if (choices.length === 0 && jestArguments.length > 0) {
      this.#fail('any', `no test file matches ${jestArguments.join(' ')}`);
    }
    return choices;
  }

  /** What is wrong; undefined when dist/ is up to date. */
  async #build(): Promise<string | undefined> {
    this.#print('building');
    const child = spawn(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' });
    const stop = () => child.kill();
    this.#signal.addEventListener('abort', stop);
    const [code] = (await once(child, 'close')) as [number | null];
    this.#signal.removeEventListener('abort', stop);
    if (this.#signal.aborted) return 'interrupted';
    return code === 0 ? undefined : `the build failed with ${code ?? 'a signal'}`;
  }

  /** Of their own for what has `purpose`. `unbuilt`: what kept the program from being built. */
  async #services(purpose: string, choices: readonly Choice[], unbuilt: string | undefined): Promise<Services> {
    if (unbuilt !== undefined || choices.length === 0) return { fault: unbuilt ?? 'there are none' };
    this.#print('starting services');
    const sandbox = new TestSandbox(purpose, this.#print);
    this.#sandboxes.push(sandbox);
    try {
      const files = choices.flatMap((choice) => choice.files);
      return { environment: await sandbox.up(neededServices(files), this.#signal) };
    } catch (error) {
      return { fault: error instanceof Error ? error.message : String(error) };
    }
  }

  async #runServed(tier: Tier, services: Services): Promise<void> {
    if ('fault' in services) this.#fail(tier.name, `could not run: ${services.fault}`);
    else await this.#runTier(tier, services.environment);
  }

  async #runTier(tier: Tier, services: Record<string, string>): Promise<void> {
    if (this.#signal.aborted) return this.#fail(tier.name, 'interrupted before it began');
    this.#print(`running ${tier.name} tests`);
    const startedMs = performance.now();
    const resultsFile = join(this.#folder, `${tier.name}.json`);
    const faults = await runJest({
      arguments: [
        ...this.#selection.jestArguments,
        ...['--json', `--outputFile=${resultsFile}`, '--selectProjects', tier.name],
        ...(tier.maxWorkers === undefined ? [] : [`--maxWorkers=${tier.maxWorkers}`]),
      ],
      environment: this.#environment(tier, services),
      resultsFile,
      logFile: join(this.#folder, `${tier.name}.log`),
      deadlineMs: tier.deadlineMs,
      signal: this.#signal,
    });
    const counts = readJestResults(resultsFile);
    if (counts === undefined && faults.length === 0) faults.push('Jest ended without results');
    for (const fault of faults) this.#print(`${tier.name}: ${fault}`);
    const { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 };
    const seconds = (performance.now() - startedMs) / 1000;
    this.#outcomes.push({ tier: tier.name, passed, failed: failed + faults.length, skipped, seconds });
  }

  /** Settings of the person at the terminal must not change what is tested, but for the seed of a failed run. */
  #environment(tier: Tier, services: Record<string, string>): NodeJS.ProcessEnv {
    const own = Object.entries(process.env).filter(
      ([name]) => !name.startsWith('SDP_') || /^SDP_(SANDBOX_|CACHE_DIR$|TEST_SEED$)/.test(name),
    );
    return { ...Object.fromEntries(own), ...services, SDP_TEST_LOGS: join(this.#folder, 'programs', tier.name) };
  }

  #fail(tier: string, fault: string): void {
    this.#print(`${tier}: ${fault}`);
    this.#outcomes.push({ tier, passed: 0, failed: 1, skipped: 0, seconds: 0 });
  }

  async #cleanUp(): Promise<void> {
    if (!this.#isSuccess) await Promise.all(this.#sandboxes.map((sandbox) => sandbox.keepLogs(this.#folder)));
    await Promise.all(this.#sandboxes.map((sandbox) => sandbox.remove()));
    if (this.#isSuccess) rmSync(this.#folder, { recursive: true, force: true });
  }
}
