import { createRequire } from 'node:module';

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

/**
 * kafkajs 2.2.4 re-arms a timer for every connection for ever, each 1 ms, because it schedules the check of pending
 * requests for `-1 - Date.now()` even when nothing is pending and nothing throttles (3 % of a core for each idle client,
 * and a TimeoutNegativeWarning). With the guard it is armed only when there is something to check; whatever becomes
 * pending later arms it again by itself. Imported for its effect, before any client is made.
 */
const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
  prototype: RequestQueue;
};
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
const original = prototype.scheduleCheckPendingRequests;

prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
  if (this.pending.length > 0 || this.throttledUntil > Date.now()) {
    original.call(this);
  }
};
