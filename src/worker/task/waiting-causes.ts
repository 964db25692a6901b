/** What holds a task up, by where it was noticed; a task waits as long as one of them is left. */
export class WaitingCauses {
  private readonly causes = new Map<string, string>();

  constructor(private readonly onChange: (cause: string) => void) {}

  /** An empty cause says that this part moves again. */
  set(part: string, cause: string): void {
    const before = this.current();
    if (cause === '') {
      this.causes.delete(part);
    } else {
      this.causes.set(part, cause);
    }
    const after = this.current();
    if (after !== before) {
      this.onChange(after);
    }
  }

  /** The oldest cause; empty when nothing waits. */
  private current(): string {
    return this.causes.values().next().value ?? '';
  }
}
