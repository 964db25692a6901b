/** Work that has to be done once before others may go on; after a failure the next caller does it again. */
export class Ensured {
  private done: Promise<void> | undefined;

  constructor(private readonly work: () => Promise<void>) {}

  /** Callers at the same time share one attempt, and its failure. */
  async ensure(): Promise<void> {
    const attempt = (this.done ??= this.work());
    try {
      await attempt;
    } catch (error) {
      if (this.done === attempt) {
        this.done = undefined;
      }
      throw error;
    }
  }

  /** What was ensured may be gone. */
  forget(): void {
    this.done = undefined;
  }
}
