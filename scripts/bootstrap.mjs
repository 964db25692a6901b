// What every script of package.json that needs more than node_modules goes through:
//   node scripts/bootstrap.mjs <entry.ts> [args...]
// It runs before anything is installed and on any Node, so this file stays free of imports and of newer syntax.
const oldestMajor = 20;

if (Number(process.versions.node.split('.')[0]) < oldestMajor) {
  console.error(`Node ${oldestMajor} or newer is needed to install and start; this is ${process.version}.`);
  process.exitCode = 1;
} else {
  import('./bootstrap/start.mjs').then(({ start }) => start(process.argv.slice(2)));
}
