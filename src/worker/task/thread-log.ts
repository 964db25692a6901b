import type { LogLevel } from '../../domain/coded-error.js';
import { LOG_LEVELS } from '../../config/log-config.js';
import type { FromThread } from './thread-messages.js';

/** A function is asked only when the line is written: for what costs something to gather. */
export type LogFields = Record<string, unknown> | (() => Record<string, unknown>);

/** What a task says, with its name on it. `fault` marks what may repeat: one line a minute of a pipeline's faults of that name. */
export type TaskLog = (level: LogLevel, message: string, fields: LogFields, fault?: string) => void;

/** The log of a thread: lines below the level of the process are not even posted. */
export class ThreadLog {
  private levels: readonly string[] = LOG_LEVELS;

  constructor(private readonly post: (message: FromThread) => void) {}

  /** The process's level; one that is above all of ours silences the thread. */
  setLevel(level: string): void {
    const least = LOG_LEVELS.findIndex((known) => known === level);
    this.levels = least === -1 ? [] : LOG_LEVELS.slice(least);
  }

  of(pipeline: string, task: number): TaskLog {
    return (level, message, fields, fault) => {
      if (this.levels.includes(level)) {
        const own = typeof fields === 'function' ? fields() : fields;
        this.post({
          kind: 'log',
          level,
          message,
          fields: { pipeline, task, ...own },
          ...(fault !== undefined && { fault }),
        });
      }
    };
  }
}
