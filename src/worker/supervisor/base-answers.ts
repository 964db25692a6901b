import type { Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import type { FromThread } from '../task/thread-messages.js';
import type { BaseService } from './base-service.js';
import type { TaskThread } from './task-thread.js';

/** Answers threads what they ask about index bases. */
export class BaseAnswers {
  private readonly faults: RepeatingFault;

  constructor(
    private readonly bases: BaseService,
    logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  async find(thread: TaskThread, { call, baseType }: Extract<FromThread, { kind: 'find_base' }>): Promise<void> {
    try {
      thread.post({ kind: 'base_found', call, base: await this.bases.find(baseType) });
    } catch (error) {
      thread.post({ kind: 'base_failed', call, message: error instanceof Error ? error.message : String(error) });
    }
  }

  async revive(thread: TaskThread, { call, base }: Extract<FromThread, { kind: 'revive_base' }>): Promise<void> {
    const { baseType: indexBase } = base;
    let isRevived = false;
    try {
      isRevived = await this.bases.revive(base);
      this.faults.end(`revive ${indexBase}`, { indexBase }, 'index base can be made again');
    } catch (err) {
      this.faults.report(`revive ${indexBase}`, { err, indexBase }, 'index base was not made again');
    }
    thread.post({ kind: 'base_revived', call, isRevived });
  }
}
