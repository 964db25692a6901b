interface Step {
  name: string;
  run: () => Promise<unknown>;
}

/** What has to be ended, in the reverse order of its beginning. */
export class Cleanup {
  readonly #steps: Step[] = [];

  /** `name` tells what could not be ended. */
  add(name: string, run: () => Promise<unknown>): void {
    this.#steps.push({ name, run });
  }

  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  /** Ends everything, whatever of it fails, and returns what failed, a line each. Nothing is left to end afterwards. */
  async run(): Promise<string[]> {
    const faults: string[] = [];
    for (const { name, run } of this.#steps.splice(0).reverse()) {
      try {
        await run();
      } catch (error) {
        faults.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return faults;
  }
}
