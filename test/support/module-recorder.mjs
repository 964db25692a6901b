// Preloaded into the program (NODE_OPTIONS=--import): writes the thread and the address of each module that is loaded,
// by import or by require, to the file that SDP_TEST_MODULES names. Task threads inherit it.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { threadId } from 'node:worker_threads';

const file = process.env.SDP_TEST_MODULES ?? '';

registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(file, `${threadId} ${url}\n`);
    return nextLoad(url, context);
  },
});
