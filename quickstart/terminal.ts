import type { WriteStream } from 'node:tty';

type Output = Pick<NodeJS.WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

const eraseLine = '\r\x1b[2K';
const usualColumns = 80;

/** Lines for the person who watches: lasting ones, and on a terminal one last line that is written over. */
export class Terminal {
  readonly isInteractive: boolean;
  readonly #output: Output;
  #live = '';

  constructor(output: Output) {
    this.#output = output;
    this.isInteractive = output.isTTY === true;
  }

  line(text = ''): void {
    if (this.#live !== '') this.#output.write(eraseLine);
    this.#output.write(`${text}\n`);
    if (this.#live !== '') this.#output.write(this.#live);
  }

  /** Writes over the live line; elsewhere than on a terminal it is a line like all others. */
  live(text: string): void {
    if (!this.isInteractive) return this.line(text);
    // A line that wraps could not be written over.
    this.#live = text.slice(0, (this.#output.columns ?? usualColumns) - 1);
    this.#output.write(eraseLine + this.#live);
  }

  /** Takes the live line away. */
  clearLive(): void {
    if (this.#live !== '') this.#output.write(eraseLine);
    this.#live = '';
  }
}
