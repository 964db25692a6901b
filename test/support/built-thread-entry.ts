/** In the place of src/mgmt/preview/thread-entry.ts: the same program, out of the build that the tests begin with. */
export const THREAD_ENTRY = new URL('../../dist/mgmt/preview/thread/preview-host.js', import.meta.url);
