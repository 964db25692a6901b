// npm test [-- tier... [Jest patterns and options]]: all tiers, or some, on services of their own.
import { parseSelection } from './testing/tiers.ts';
import { TestRun } from './testing/test-run.ts';

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!controller.signal.aborted) console.log('interrupted: ending what was started');
    controller.abort(new Error('interrupted'));
  });
}

const run = new TestRun(parseSelection(process.argv.slice(2)), (line) => console.log(line), controller.signal);
const isSuccess = await run.run();
process.exitCode = controller.signal.aborted ? 130 : isSuccess ? 0 : 1;
