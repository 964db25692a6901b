import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GroupCommitter } from '../commit/group-committer.js';
import { GroupUnit, type GroupPorts } from './group-unit.js';
import type { MessageLedger } from './message-ledger.js';
import type { SettledGroup } from './settled-group.js';

/** Bytes of messages and outputs that one commit takes, about. */
const MAX_GROUP_BYTES = 16 * 1024 * 1024;

export interface SettlementListener {
  /** Room was made. */
  onCommitted(): void;
  /** Nothing is committed any more. */
  onFailure(error: unknown): void;
}

/** Group commit: what settles while one commit is under way gathers for the next one. */
export class SettlementLoop {
  private running: Promise<void> | undefined;
  private group: SettledGroup | undefined;
  private hasFailed = false;

  constructor(
    private readonly ledger: MessageLedger,
    private readonly committer: Pick<GroupCommitter, 'commit'>,
    private readonly ports: GroupPorts,
    private readonly listener: SettlementListener,
    private readonly signal: AbortSignal,
  ) {}

  /** Something has settled. */
  wake(): void {
    if (!this.hasFailed) {
      this.running ??= this.commitAll();
    }
  }

  /** Resolves when all that has settled is committed, or nothing is committed any more; the listener has heard which. */
  async flush(): Promise<void> {
    this.wake();
    await this.running;
  }

  lose(isLost: (partition: number) => boolean): void {
    this.ledger.lose(isLost);
    this.group?.lose(isLost);
  }

  private async commitAll(): Promise<void> {
    try {
      // Handlers that return without a promise settle many messages in one turn: they go together.
      await nextTurn();
      for (let group = this.next(); group; group = this.next()) {
        await this.committer.commit(new GroupUnit(group, this.ports), this.signal);
        this.ledger.remove(group);
        this.listener.onCommitted();
        await nextTurn();
      }
    } catch (error) {
      this.hasFailed = true;
      this.listener.onFailure(error);
    } finally {
      // In the same turn as the last look at the ledger: what settles later starts the loop again.
      this.group = undefined;
      this.running = undefined;
    }
  }

  private next(): SettledGroup | undefined {
    this.group = this.ledger.settledGroup(MAX_GROUP_BYTES);
    return this.group;
  }
}
