import { setTimeout as delay } from 'node:timers/promises';
import { MeasuredProcess } from '../pipeline/measured-process.ts';

export interface StartTimes {
  liveMs: number;
  readyMs: number;
}

const POLL_MS = 5;
const DEADLINE_MS = 60_000;

/** Starts the program, asks its probes as fast as it can, and ends it. */
export async function timeStart(
  args: readonly string[],
  environment: Record<string, string>,
  { httpPort, logFile }: { httpPort: number; logFile: string },
): Promise<StartTimes> {
  const startedAt = performance.now();
  const process = new MeasuredProcess(args, environment, logFile);
  const elapsedWhen = async (path: string) => {
    while (!(await isOk(`http://127.0.0.1:${httpPort}${path}`))) {
      if (process.hasEnded || performance.now() - startedAt > DEADLINE_MS) {
        throw new Error(`${args.join(' ')} does not answer ${path}; see ${logFile}`);
      }
      await delay(POLL_MS);
    }
    return Math.round(performance.now() - startedAt);
  };
  try {
    return { liveMs: await elapsedWhen('/health/live'), readyMs: await elapsedWhen('/health/ready') };
  } finally {
    await process.stop();
  }
}

async function isOk(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.ok ?? false;
}
