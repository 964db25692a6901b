// Imported before everything else: what follows uses what an old Node does not have.
import { nodeFault } from './node-version.js';

const fault = nodeFault(process.versions.node);
if (fault !== undefined) {
  process.stderr.write(`${fault}\n`);
  process.exit(2);
}
