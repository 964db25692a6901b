import { parentPort } from 'node:worker_threads';
import { findStartFault } from './find-start-fault.js';
import { ParentCalls } from './parent-calls.js';
import { TaskRunner } from './task-runner.js';
import { TaskSampler } from './task-sampler.js';
import type { TaskSettings } from './task-settings.js';
import { ThreadLog } from './thread-log.js';
import type { FromThread, ToThread } from './thread-messages.js';

const SAMPLE_INTERVAL_MS = 1000;

/** The program of a task thread: starts and stops tasks as it is told, and tells how they are. */
class ThreadHost {
  private readonly runners = new Map<string, TaskRunner>();
  private readonly sampler = new TaskSampler();
  private readonly calls: ParentCalls;
  private readonly log: ThreadLog;

  constructor(private readonly post: (message: FromThread) => void) {
    this.calls = new ParentCalls(post);
    this.log = new ThreadLog(post);
  }

  open(): void {
    setInterval(() => this.sample(), SAMPLE_INTERVAL_MS).unref();
    this.post({ kind: 'ready' });
  }

  take(message: ToThread): void {
    switch (message.kind) {
      case 'start':
        this.start(message.key, message.settings);
        break;
      case 'stop':
        void this.stop(message.key, message.deadlineMs);
        break;
      case 'try':
        void this.try(message.key, message.settings);
        break;
      case 'log_level':
        this.log.setLevel(message.level);
        break;
      case 'base_found':
      case 'base_failed':
      case 'base_revived':
        this.calls.take(message);
        break;
    }
  }

  private start(key: string, settings: TaskSettings): void {
    const { pipelineId, index, revision } = settings.desired;
    const runner = new TaskRunner(settings, {
      findBase: (baseType) => this.calls.findBase(baseType),
      reviveBase: (base) => this.calls.reviveBase(base),
      log: this.log.of(pipelineId, index),
      emitSpans: (spans) => this.post({ kind: 'spans', spans }),
      onStatus: (status) => this.post({ kind: 'status', key, revision, status }),
    });
    this.runners.set(key, runner);
    runner.start();
  }

  private async try(key: string, settings: TaskSettings): Promise<void> {
    const { pipelineId, index } = settings.desired;
    this.post({ kind: 'tried', key, fault: await findStartFault(settings, this.log.of(pipelineId, index)) });
  }

  private async stop(key: string, deadlineMs: number): Promise<void> {
    const runner = this.runners.get(key);
    await runner?.stop(deadlineMs);
    if (runner) {
      this.sample();
      this.runners.delete(key);
    }
    this.post({ kind: 'ended', key });
  }

  private sample(): void {
    const keys = [...this.runners.keys()];
    const samples = this.sampler.take([...this.runners.values()]);
    for (const [position, { sample, metrics }] of samples.entries()) {
      this.post({ kind: 'sample', key: keys[position] ?? '', sample, metrics });
    }
  }
}

if (parentPort) {
  const port = parentPort;
  const host = new ThreadHost((message) => port.postMessage(message));
  port.on('message', (message: ToThread) => host.take(message));
  host.open();
}
