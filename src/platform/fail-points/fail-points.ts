import type { FailPoint } from '../../config/fail-points.js';

/**
 * Steps after which this process dies at once, with nothing flushed, closed or answered: what tests of crashes need.
 * Armed by the setting debug.failPoints alone.
 */
export class FailPoints {
  private readonly armed: ReadonlySet<string>;

  constructor(
    armed: readonly string[],
    private readonly die: () => void = () => process.kill(process.pid, 'SIGKILL'),
  ) {
    this.armed = new Set(armed);
  }

  /** Does not return when the point is armed, for every pipeline or for this one. */
  reached(point: FailPoint, pipelineId: string): void {
    if (this.armed.size > 0 && (this.armed.has(point) || this.armed.has(`${point}:${pipelineId}`))) {
      this.die();
    }
  }
}
