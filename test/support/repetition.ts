/** Something that goes on beside a test until it is stopped, one round after the other. */
export class Repetition {
  private isWanted = true;
  private readonly ended: Promise<void>;

  private constructor(once: (round: number) => Promise<void>) {
    this.ended = this.repeat(once);
    // Told by stop; until then nobody listens.
    this.ended.catch(() => undefined);
  }

  /** Begins at once with round 0. */
  static start(once: (round: number) => Promise<void>): Repetition {
    return new Repetition(once);
  }

  /** Lets the current round come to its end; throws what a round threw. */
  async stop(): Promise<void> {
    this.isWanted = false;
    await this.ended;
  }

  private async repeat(once: (round: number) => Promise<void>): Promise<void> {
    for (let round = 0; this.isWanted; round++) {
      await once(round);
    }
  }
}
