// npm run build && npm run bench -- [records] drains a topic; npm run bench -- start [rounds] measures how fast a process is
// there. RESULTS.md has what was seen.
await (process.argv[2] === 'start' ? import('./start/run.ts') : import('./pipeline/run.ts'));
