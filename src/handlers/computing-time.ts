/** No record needs as much; one that takes it holds up all others of its thread. */
export const MAX_COMPUTING_MS = 2000;
/** Asking for the time of a thread costs more than most handlers, so it is asked for only of records that take long. */
const FIRST_LOOK_MS = 100;

interface Clocks {
  nowMs: () => number;
  /** Time that this thread has computed: what it waited for a busy machine must not decide about a record. */
  threadMs: () => number;
}

const CLOCKS: Clocks = {
  nowMs: () => performance.now(),
  threadMs: () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  },
};

/** What all handlers together may compute for one record. */
export class ComputingTime {
  private lookAtMs = 0;
  /** On the clock of the thread; undefined before the first look. */
  private endMs: number | undefined;

  constructor(private readonly clocks: Clocks = CLOCKS) {}

  /** For the next record. */
  begin(): void {
    this.lookAtMs = this.clocks.nowMs() + FIRST_LOOK_MS;
    this.endMs = undefined;
  }

  /** True when the record must not take any more. Cheap enough to be asked in a loop. */
  isOver(): boolean {
    const nowMs = this.clocks.nowMs();
    if (nowMs < this.lookAtMs) {
      return false;
    }
    const computedMs = this.clocks.threadMs();
    this.endMs ??= computedMs + MAX_COMPUTING_MS - FIRST_LOOK_MS;
    const leftMs = this.endMs - computedMs;
    this.lookAtMs = nowMs + Math.max(leftMs, 0);
    return leftMs <= 0;
  }
}

/** Continues the name of what is not done to its end. */
export const TIME_IS_OVER = `is not worked on to its end: the handlers of a record may compute for ${MAX_COMPUTING_MS} ms`;
