import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is true. Returns false when the deadline passed first; a throw of `isTrue` ends the wait. */
export async function pollUntil(
  isTrue: () => boolean | Promise<boolean>,
  deadlineMs: number,
  intervalMs = 50,
): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  while (!(await isTrue())) {
    if (performance.now() > end) return false;
    await delay(intervalMs);
  }
  return true;
}
