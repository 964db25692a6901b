import type { TaskState } from '../../domain/task.js';
import type { TaskFaultCode } from '../../domain/task-fault-codes.js';
import { BulkTransport } from '../../platform/opensearch/bulk-transport.js';
import { FlowMetrics } from '../flow/flow-metrics.js';
import { Notifier } from '../../stream/notifier.js';
import { TaskFault, TaskMoved } from '../flow/task-fault.js';
import type { WaitingCause } from '../flow/waiting-cause.js';
import { failureCause, loggable } from './failure-cause.js';
import type { FlowPorts } from './flow-ports.js';
import { TaskFlow } from './task-flow.js';
import type { TaskSettings } from './task-settings.js';
import type { TaskStatus } from './task-status.js';

export interface TaskRunnerPorts extends Pick<FlowPorts, 'findBase' | 'reviveBase' | 'log' | 'emitSpans'> {
  onStatus(status: TaskStatus): void;
}

const FIRST_RESTART_DELAY_MS = 1000;
const PROBE_INTERVAL_MS = 1000;
/** What leaving the group and closing connections may take once a drain was given up. */
const CLOSE_GRACE_MS = 1000;

/**
 * Keeps a task running: a run that failed is started again after 1 s, 2 s, 4 s ... up to a ceiling, for ever. A commit
 * starts the count anew. When the cause was OpenSearch's silence, its first answer ends the wait.
 */
export class TaskRunner {
  private counted = new FlowMetrics();
  private run: TaskFlow | undefined;
  private status: TaskStatus = {
    state: 'starting',
    cause: '',
    causeCode: '',
    since: Date.now(),
    attempts: 0,
    nextAttemptAt: 0,
  };
  private readonly stopping = new AbortController();
  private readonly ended = new Notifier();
  private hasEnded = false;

  constructor(
    readonly settings: TaskSettings,
    private readonly ports: TaskRunnerPorts,
  ) {}

  /** Of the current run, or of the next one; what the ended ones counted is in it. */
  get metrics(): FlowMetrics {
    return this.counted;
  }

  /** The parts of the current run; undefined between runs. */
  get current(): TaskFlow | undefined {
    return this.run;
  }

  start(): void {
    this.keepRunning().catch((error: unknown) => {
      this.ports.log('error', 'task ended by a bug', { err: loggable(error) }, 'ended');
      this.tell('error', failureCause(error).text, 'TASK_BUG');
    });
  }

  /** Resolves when the task has drained and committed, or at the deadline, when what is left is given up. */
  async stop(deadlineMs: number): Promise<void> {
    this.stopping.abort();
    if (this.hasEnded) {
      return;
    }
    this.tell('stopping', '', '');
    this.run?.flow.stop();
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      await this.ended.next(deadline);
    } catch {
      // The offsets of what is given up stay where they are: the next holder reads it again.
      this.run?.flow.fail(new TaskFault('STOP_DEADLINE', `Not drained within ${deadlineMs} ms`, false));
      this.ports.log('warn', 'task was not drained before the deadline', { deadlineMs });
      await this.ended.next(AbortSignal.timeout(CLOSE_GRACE_MS)).catch(() => this.endCounting());
    }
  }

  private async keepRunning(): Promise<void> {
    for (let attempts = 0; !this.stopping.signal.aborted;) {
      this.status.attempts = attempts;
      this.tell('starting', '', '');
      const hasProgressed = { value: false };
      try {
        await this.runOnce(hasProgressed);
      } catch (error) {
        if (this.stopping.signal.aborted) {
          break;
        }
        attempts = hasProgressed.value ? 1 : attempts + 1;
        await this.waitForRestart(error, attempts);
      }
    }
    this.hasEnded = true;
    this.tell('stopped', '', '');
    this.ended.notify();
  }

  private async runOnce(hasProgressed: { value: boolean }): Promise<void> {
    const run = new TaskFlow(this.settings, {
      ...this.ports,
      metrics: this.counted,
      onWaiting: (cause) => this.onWaiting(cause),
      onProgress: () => {
        hasProgressed.value = true;
        this.status.attempts = 0;
      },
    });
    this.run = run;
    try {
      const running = run.run();
      this.onWaiting(undefined);
      await running;
    } finally {
      this.endCounting();
    }
  }

  /** What the run still holds is read again; what it counts from now on is nobody's. */
  private endCounting(): void {
    this.run = undefined;
    this.counted = this.counted.successor();
  }

  private onWaiting(cause: WaitingCause | undefined): void {
    if (!this.stopping.signal.aborted) {
      this.tell(cause ? 'waiting' : 'running', cause?.text ?? '', cause?.code ?? '');
    }
  }

  private async waitForRestart(error: unknown, attempts: number): Promise<void> {
    const delayMs = this.restartDelayMs(error, attempts);
    this.status.attempts = attempts;
    this.status.nextAttemptAt = Date.now() + delayMs;
    const { code, text: cause } = failureCause(error);
    const isMoved = error instanceof TaskMoved;
    if (code === 'TASK_BUG') {
      // What else a failure has to say is in the status, which the process logs.
      this.ports.log('error', 'task failed by a bug', { err: loggable(error) }, `bug ${cause}`);
    }
    if (isMoved) {
      // No fault, so the process does not log the status; who looks for two workers that fence each other finds it here.
      this.ports.log('info', 'task moved', { code, cause });
    }
    this.tell(isMoved ? 'moved' : 'error', cause, code);
    const mayEndEarly = error instanceof TaskFault && error.endsWhenOpenSearchAnswers;
    await this.pause(delayMs, mayEndEarly);
    this.status.nextAttemptAt = 0;
  }

  /** A task that moved is tried again only after the other holder has had its session: placement decides meanwhile. */
  private restartDelayMs(error: unknown, attempts: number): number {
    const { sessionTimeoutMs, maxRestartDelayMs } = this.settings;
    return error instanceof TaskMoved
      ? sessionTimeoutMs
      : Math.min(maxRestartDelayMs, FIRST_RESTART_DELAY_MS * 2 ** Math.min(attempts - 1, 30));
  }

  private async pause(delayMs: number, mayEndEarly: boolean): Promise<void> {
    const transport = mayEndEarly ? new BulkTransport(this.settings.opensearch, 1) : undefined;
    const until = performance.now() + delayMs;
    try {
      for (let left = delayMs; left > 0 && !this.stopping.signal.aborted; left = until - performance.now()) {
        await sleep(transport ? Math.min(left, PROBE_INTERVAL_MS) : left, this.stopping.signal);
        if (await transport?.isAnswering(PROBE_INTERVAL_MS)) {
          return;
        }
      }
    } finally {
      transport?.close();
    }
  }

  private tell(state: TaskState, cause: string, causeCode: TaskFaultCode | ''): void {
    const { status } = this;
    if (status.state !== state) {
      status.since = Date.now();
    }
    this.status = { ...status, state, cause, causeCode };
    this.ports.onStatus(this.status);
  }
}

/** Resolves after the time or when the signal aborts, whichever is first. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}
