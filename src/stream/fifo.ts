/** What was taken is given back to the memory at the latest after so many. */
const COMPACT_AT = 1024;

/** First in, first out. */
export class Fifo<T> {
  private items: (T | undefined)[] = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** Undefined when it is empty. */
  shift(): T | undefined {
    const item = this.items[this.head];
    if (this.head < this.items.length) {
      this.items[this.head] = undefined;
      this.head++;
    }
    if (this.head === this.items.length) {
      this.items = [];
      this.head = 0;
    } else if (this.head === COMPACT_AT) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }
}
