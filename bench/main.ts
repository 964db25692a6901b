// npm run build && npm run bench -- [records] drains a topic; npm run bench -- start [rounds] measures how fast a process is
// there; npm run bench -- api [seconds] how fast the HTTP API answers; npm run bench -- template [documents] what the template
// of an index base costs OpenSearch; npm run bench -- handlers [seconds] what configured handlers cost a record; npm run bench --
// preview [rounds] how long a preview of 100 records takes. RESULTS.md has what was seen.
const benches: Record<string, () => Promise<unknown>> = {
  start: () => import('./start/run.ts'),
  api: () => import('./api/run.ts'),
  handlers: () => import('./handlers/run.ts'),
  preview: () => import('./preview/run.ts'),
  template: () => import('./template/run.ts'),
};

await (benches[process.argv[2] ?? ''] ?? (() => import('./pipeline/run.ts')))();
