import type { ReconcileRunDto, ReconcilerDto, ReconcileStepDto } from '../../platform/debug/management.dto.js';

/** What became of the last runs of this replica's reconciler, for those who look for the cause of a fault. */
export class ReconcileRuns {
  private last: ReconcileRunDto | null = null;
  private lastOwn: ReconcileRunDto | null = null;
  private steps: ReconcileStepDto[] = [];
  private startedAt = 0;

  begin(): void {
    this.startedAt = Date.now();
    this.steps = [];
  }

  /** `error` is undefined when the step went well. */
  stepped(name: string, startedAt: number, error?: unknown): void {
    this.steps.push({ name, duration_ms: Date.now() - startedAt, fault: error === undefined ? null : faultOf(error) });
  }

  /** `wasOwn` false: another replica was at it. */
  end(wasOwn: boolean): void {
    const isHeldUp = this.steps.some(({ fault }) => fault !== null);
    this.last = this.runOf(wasOwn ? (isHeldUp ? 'held_up' : 'done') : 'elsewhere', null);
    this.lastOwn = wasOwn ? this.last : this.lastOwn;
  }

  fail(error: unknown): void {
    this.last = this.runOf('failed', faultOf(error));
  }

  report(): ReconcilerDto {
    return { last_run: this.last, last_own_run: this.lastOwn };
  }

  private runOf(outcome: ReconcileRunDto['outcome'], fault: string | null): ReconcileRunDto {
    const { startedAt, steps } = this;
    return { started_at: startedAt, duration_ms: Date.now() - startedAt, outcome, fault, steps };
  }
}

function faultOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
