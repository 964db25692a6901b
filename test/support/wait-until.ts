import { setTimeout as delay } from 'node:timers/promises';

const usualDeadlineMs = 60_000;
const pollMs = 100;

/**
 * Asks until the answer is neither undefined nor false, and answers it. After the deadline it throws what did not happen
 * and, when `seen` is given, what was seen instead. An error of `ask` ends the wait.
 */
export async function waitUntil<T>(
  what: string,
  ask: () => T | Promise<T>,
  { deadlineMs = usualDeadlineMs, seen }: { deadlineMs?: number; seen?: () => unknown } = {},
): Promise<Exclude<T, undefined | false>> {
  const endsAt = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) {
      return answer as Exclude<T, undefined | false>;
    }
    if (performance.now() > endsAt) {
      const instead = seen === undefined ? '' : `; instead: ${shown(await seen())}`;
      throw new Error(`did not happen within ${deadlineMs / 1000} s: ${what}${instead}`);
    }
    await delay(pollMs);
  }
}

function shown(seen: unknown): string {
  return typeof seen === 'string' ? `\n${seen}` : JSON.stringify(seen);
}
