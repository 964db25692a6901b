import type { Logger } from '../platform/logging/logger.js';

export interface ShutdownStep {
  name: string;
  deadlineMs: number;
  run: () => Promise<void>;
}

/**
 * Runs the steps in order. One that fails or outlasts its deadline is logged and left behind: the next one runs all the
 * same, so the whole never takes longer than the deadlines together. Never rejects.
 */
export async function runShutdown(steps: readonly ShutdownStep[], logger: Logger): Promise<void> {
  for (const step of steps) {
    const startedAt = performance.now();
    try {
      await withDeadline(step);
      logger.debug({ step: step.name, durationMs: Math.round(performance.now() - startedAt) }, 'Shutdown step done');
    } catch (err) {
      logger.warn({ step: step.name, err }, 'Shutdown step failed, going on with the next');
    }
  }
}

async function withDeadline({ run, deadlineMs }: ShutdownStep): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}
