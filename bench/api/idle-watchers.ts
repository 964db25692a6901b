import { Agent, request, type ClientRequest } from 'node:http';

/** Long polls for pipelines that do not change. */
export class IdleWatchers {
  readonly #agent = new Agent({ keepAlive: false, maxSockets: Infinity });
  readonly #open: ClientRequest[] = [];
  /** How many were answered, or broke, before they were let go. */
  answered = 0;

  /** Opens so many, each once the one before is on its way. */
  async open(url: (index: number) => string, count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      await this.#openOne(url(index));
    }
  }

  close(): void {
    this.#open.forEach((poll) => poll.destroy());
  }

  async #openOne(url: string): Promise<void> {
    const poll = request(url, { agent: this.#agent });
    this.#open.push(poll);
    const count = () => {
      this.answered += poll.destroyed ? 0 : 1;
    };
    poll.on('response', count);
    poll.on('error', count);
    await new Promise<void>((resolve) => {
      poll.once('finish', () => resolve());
      poll.end();
    });
  }
}
