import { FlowMetrics } from '../flow/flow-metrics.js';
import { type FailureCause, failureCause, loggable } from './failure-cause.js';
import { TaskFlow } from './task-flow.js';
import type { TaskSettings } from './task-settings.js';
import type { TaskLog } from './thread-log.js';

/**
 * What keeps a run by these settings from beginning, as far as it can be told without asking any service: handlers that this
 * worker cannot apply, files of certificates that it cannot use. Undefined when nothing does. It makes what a run is made
 * of, so that it tells no other story than the run itself; nothing is connected, and nothing stays open.
 */
export async function findStartFault(settings: TaskSettings, log: TaskLog): Promise<FailureCause | undefined> {
  try {
    const run = new TaskFlow(settings, {
      metrics: new FlowMetrics(),
      findBase: () => Promise.resolve(undefined),
      reviveBase: () => Promise.resolve(false),
      log: () => undefined,
      emitSpans: () => undefined,
      onWaiting: () => undefined,
      onProgress: () => undefined,
    });
    await run.close();
    return undefined;
  } catch (error) {
    const cause = failureCause(error);
    if (cause.code === 'TASK_BUG') {
      log('error', 'task failed by a bug', { err: loggable(error) }, `bug ${cause.text}`);
    }
    return cause;
  }
}
