import { VarintReader } from './varint.js';

/**
 * Walks the headers of one record without making an object for each: after `next()` returned true the fields describe
 * the current header, as positions in the bytes. Ends early, as if there were no more, at headers that do not fit
 * their record.
 */
export class HeaderCursor {
  nameStart = 0;
  nameLength = 0;
  valueStart = 0;
  /** -1 is null. */
  valueLength = -1;

  private remaining = 0;
  private end = 0;
  private readonly varint = new VarintReader(Buffer.alloc(0));

  /** `start` is where the count of the headers stands, `end` where their record ends. */
  reset(bytes: Buffer, start: number, end: number): void {
    this.varint.reset(bytes, start);
    this.end = end;
    this.remaining = start < end ? this.varint.read() : 0;
  }

  next(): boolean {
    const { varint, end } = this;
    // A header takes two bytes at least: the lengths of an empty name and of an empty value.
    if (this.remaining-- <= 0 || varint.position + 2 > end) {
      return false;
    }
    this.nameLength = varint.read();
    this.nameStart = varint.position;
    varint.position += this.nameLength;
    if (this.nameLength < 0 || varint.position >= end) {
      return false;
    }
    this.valueLength = varint.read();
    this.valueStart = varint.position;
    varint.position += Math.max(this.valueLength, 0);
    return varint.position <= end;
  }
}
