import type { HealthIndicatorSource } from './health-indicator-source.js';

/** Where modules register what belongs to the health of the process. */
export class HealthRegistry {
  private readonly byName = new Map<string, HealthIndicatorSource>();
  private readonly answered = new Set<string>();
  private readonly drainListeners: (() => void)[] = [];
  private draining = false;

  /** In the order of registration. */
  get sources(): readonly HealthIndicatorSource[] {
    return [...this.byName.values()];
  }

  /** True once the process has begun to stop: it is then not ready for good. */
  get isDraining(): boolean {
    return this.draining;
  }

  /** A source of the same name replaces the earlier one: both halves in one process check a dependency once. */
  register(source: HealthIndicatorSource): void {
    this.byName.set(source.name, source);
  }

  /** Whether the process is not ready now when this is down. */
  isRequired({ name, requiredForReady }: HealthIndicatorSource): boolean {
    return requiredForReady === 'always' || (requiredForReady === 'at_start' && !this.answered.has(name));
  }

  /** It was well once: what is required only at the start is not required any more. */
  noteAnswer(name: string): void {
    this.answered.add(name);
  }

  /** Calls back when the process begins to stop: what answers only later has to answer now. */
  onDrain(listener: () => void): void {
    this.drainListeners.push(listener);
  }

  drain(): void {
    this.draining = true;
    this.drainListeners.forEach((listener) => listener());
  }
}
