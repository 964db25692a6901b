import type { WaitingCause } from '../flow/waiting-cause.js';

/** What holds a task up, by where it was noticed; a task waits as long as one of them is left. */
export class WaitingCauses {
  private readonly causes = new Map<string, WaitingCause>();

  constructor(private readonly onChange: (cause: WaitingCause | undefined) => void) {}

  /** Undefined says that this part moves again. */
  set(part: string, cause: WaitingCause | undefined): void {
    const before = this.current();
    if (cause) {
      this.causes.set(part, cause);
    } else {
      this.causes.delete(part);
    }
    const after = this.current();
    if (after?.text !== before?.text || after?.code !== before?.code) {
      this.onChange(after);
    }
  }

  /** The oldest cause; undefined when nothing waits. */
  private current(): WaitingCause | undefined {
    return this.causes.values().next().value;
  }
}
