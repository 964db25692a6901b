import type { EventEmitter } from 'node:events';
import type { Logger } from '../platform/logging/logger.js';
import { ListenError } from './listen-error.js';

/** The part of `process` that is needed here. */
export interface ProcessHandle extends Pick<EventEmitter, 'on'> {
  exit(code: number): void;
}

/** How the process begins and ends: 0 after an orderly stop, 1 after a second signal or a fault that nobody handled. */
export class ProcessLifecycle {
  private starting: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly handle: ProcessHandle,
    private readonly logger: Logger,
  ) {
    handle.on('uncaughtException', (err) => this.die(err, 'Uncaught exception'));
    handle.on('unhandledRejection', (reason) => this.die(reason, 'Unhandled rejection'));
  }

  /** Starts, and stops on SIGTERM or SIGINT; a signal that comes while it starts is obeyed once it has. */
  async run(start: () => Promise<void>, stop: () => Promise<void>): Promise<void> {
    this.starting = start();
    for (const signal of ['SIGTERM', 'SIGINT']) {
      this.handle.on(signal, () => void this.stopOn(signal, stop));
    }
    try {
      await this.starting;
    } catch (error) {
      this.die(error, 'Cannot start');
    }
  }

  private async stopOn(signal: string, stop: () => Promise<void>): Promise<void> {
    if (this.isStopping) {
      this.logger.warn({ signal }, 'Second signal, leaving at once');
      this.handle.exit(1);
      return;
    }
    this.isStopping = true;
    this.logger.info({ signal }, 'Stopping');
    await this.starting.then(stop, () => undefined);
    this.handle.exit(0);
  }

  private die(error: unknown, message: string): void {
    if (error instanceof ListenError) {
      this.logger.fatal(error.message);
    } else {
      this.logger.fatal({ err: error instanceof Error ? error : new Error(String(error)) }, message);
    }
    this.handle.exit(1);
  }
}
