export interface PoolClock {
  nowMs(): number;
  /** 0 ≤ random < 1. */
  random(): number;
}

export const SYSTEM_CLOCK: PoolClock = { nowMs: () => performance.now(), random: Math.random };

interface NodeState<T> {
  readonly node: T;
  /** In a row; a request that went well starts anew. */
  failures: number;
  /** 0: live. */
  deadUntilMs: number;
  isBeingProbed: boolean;
}

const FIRST_DEAD_MS = 1000;
const MAX_DEAD_MS = 60_000;
/** Share of the time that is added by chance, so that many pools do not come back to a node in the same moment. */
const JITTER = 0.2;

/**
 * Which of several nodes to ask. Live nodes take turns. One that failed is left out for 1 s, 2 s, 4 s ... up to 60 s; then
 * it is probed, and has its turn again when the probe went well. A node whose probes go well and whose requests fail is
 * left out longer each time all the same: only a request that went well starts the count anew.
 *
 * Knows nothing of requests; who asks a node tells how it went. What it knows lives as long as its owner: pools are not
 * shared, since all that costs is one failed request a pool.
 */
export class NodePool<T> {
  private readonly states: readonly NodeState<T>[];
  private last: number;

  /** `nodes` is not empty. Which one comes first is left to chance: pools that start together spread their load. */
  constructor(
    nodes: readonly T[],
    private readonly clock: PoolClock = SYSTEM_CLOCK,
  ) {
    this.states = nodes.map((node) => ({ node, failures: 0, deadUntilMs: 0, isBeingProbed: false }));
    this.last = Math.floor(clock.random() * nodes.length);
  }

  /** The next live node; when all are dead, the one whose time ends first. */
  take(): T {
    return this.findLive() ?? this.earliest().node;
  }

  /** The next live node; undefined when all are dead. */
  findLive(): T | undefined {
    for (let step = 1; step <= this.states.length; step++) {
      const position = (this.last + step) % this.states.length;
      const state = this.states[position];
      if (state?.deadUntilMs === 0) {
        this.last = position;
        return state.node;
      }
    }
    return undefined;
  }

  /** Dead nodes whose time is over. Each is answered once; {@link markProbed} tells how its probe went. */
  takeDue(): T[] {
    const nowMs = this.clock.nowMs();
    const due = this.states.filter(
      ({ deadUntilMs, isBeingProbed }) => deadUntilMs > 0 && deadUntilMs <= nowMs && !isBeingProbed,
    );
    due.forEach((state) => (state.isBeingProbed = true));
    return due.map(({ node }) => node);
  }

  markProbed(node: T, isAnswering: boolean, askedAtMs: number): void {
    const state = this.stateOf(node);
    state.isBeingProbed = false;
    if (isAnswering) {
      state.deadUntilMs = 0;
    } else {
      this.markFailed(node, askedAtMs);
    }
  }

  markAnswered(node: T): void {
    const state = this.stateOf(node);
    state.failures = 0;
    state.deadUntilMs = 0;
  }

  /** `askedAtMs`: when the request began. A dead node asked before its time was over tells nothing that is not known. */
  markFailed(node: T, askedAtMs: number): void {
    const state = this.stateOf(node);
    if (askedAtMs < state.deadUntilMs) {
      return;
    }
    const deadMs = Math.min(MAX_DEAD_MS, FIRST_DEAD_MS * 2 ** Math.min(state.failures, 30));
    state.failures++;
    state.deadUntilMs = this.clock.nowMs() + deadMs * (1 + JITTER * this.clock.random());
  }

  private earliest(): NodeState<T> {
    return this.states.reduce((first, state) => (state.deadUntilMs < first.deadUntilMs ? state : first));
  }

  private stateOf(node: T): NodeState<T> {
    const state = this.states.find((candidate) => candidate.node === node);
    if (!state) {
      throw new Error('this node is not of the pool');
    }
    return state;
  }
}
