import { IsMatching, IsWholeNumber } from './rules.js';

export class WorkerConfig {
  /** Threads that tasks share; 0: one a core. */
  @IsWholeNumber(0, 256)
  readonly threads: number = 0;

  /** Name of the worker in reports and logs; empty: host name and process id. */
  @IsMatching(/^[a-zA-Z0-9._-]{0,200}$/, 'at most 200 letters, digits, ".", "_" or "-"')
  readonly id: string = '';
}
