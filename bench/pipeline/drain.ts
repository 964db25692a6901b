import { setTimeout as delay } from 'node:timers/promises';
import type { MeasuredProcess } from './measured-process.ts';

export interface DrainResult {
  name: string;
  docsPerSec: number;
  cpuSecPerMillion: number;
  peakMiB: number;
}

const DEADLINE_MS = 300_000;
const POLL_MS = 100;

/** From the first document to the last one: start-up is not part of the figure. */
export async function drain(
  name: string,
  running: MeasuredProcess,
  expected: number,
  count: () => Promise<number>,
): Promise<DrainResult> {
  const deadline = Date.now() + DEADLINE_MS;
  let first: { at: number; documents: number; cpu: number } | undefined;
  for (;;) {
    await delay(POLL_MS);
    if (running.hasEnded || Date.now() > deadline) {
      throw new Error(`${name} did not finish; see its log`);
    }
    const documents = await count();
    running.sampleMemory();
    const cpu = running.cpuSeconds();
    if (documents > 0 && !first) {
      first = { at: performance.now(), documents, cpu };
    }
    if (first && documents >= expected) {
      const moved = documents - first.documents;
      return {
        name,
        docsPerSec: Math.round(moved / ((performance.now() - first.at) / 1000)),
        cpuSecPerMillion: Math.round(((cpu - first.cpu) / moved) * 1e7) / 10,
        peakMiB: running.peakMiB,
      };
    }
  }
}
