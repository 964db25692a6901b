/** Beyond what the group allows, before a silent client is taken for stuck. */
const GRACE_MS = 10_000;

type Phase =
  /** No client, or one that has not reached a broker yet. */
  | 'away'
  /** The coordinator was asked to let us in (again); it answers when all members have come or are given up. */
  | 'joining'
  | 'member';

/**
 * What a member of a group can know about itself. The coordinator gives the partitions of a member to others when it was
 * silent for the session time-out. While it waits for a rebalance, nobody gets any, and silence means nothing until the
 * rebalance time-out.
 */
export class Membership {
  private phase: Phase = 'away';
  private holdsPartitions = false;
  private aliveAt: number;
  private lastMemberId: string | undefined;

  constructor(
    private readonly sessionTimeoutMs: number,
    private readonly rebalanceTimeoutMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.aliveAt = now();
  }

  away(): void {
    this.phase = 'away';
  }

  joining(): void {
    this.phase = 'joining';
    this.aliveAt = this.now();
  }

  /** The id that the group knows us by, also after a crash; undefined before the first join. */
  get memberId(): string | undefined {
    return this.lastMemberId;
  }

  joined(memberId: string): void {
    this.lastMemberId = memberId;
    this.phase = 'member';
    this.holdsPartitions = true;
    this.aliveAt = this.now();
  }

  heartbeat(): void {
    this.aliveAt = this.now();
  }

  /** True once for each membership that ended by silence. */
  takeLoss(): boolean {
    const isLost = this.holdsPartitions && this.silentMs > this.patienceMs;
    if (isLost) {
      this.holdsPartitions = false;
    }
    return isLost;
  }

  /**
   * A client that is neither let in nor refused nor alive has to be replaced; so has one whose loss was told, because it
   * may still be taken for a member, and would never learn its partitions again.
   */
  isStuck(): boolean {
    const isToldLost = this.phase === 'member' && !this.holdsPartitions;
    return isToldLost || (this.phase !== 'away' && this.silentMs > this.patienceMs + GRACE_MS);
  }

  private get silentMs(): number {
    return this.now() - this.aliveAt;
  }

  private get patienceMs(): number {
    return this.phase === 'joining' ? this.sessionTimeoutMs + this.rebalanceTimeoutMs : this.sessionTimeoutMs;
  }
}
