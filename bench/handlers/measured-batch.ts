import type { DocumentBatch } from '../../src/document/document-batch.js';

const BODY_BYTES = 16 * 1024 * 1024;

/** A batch that takes documents for ever, over and over into the same memory, as the reused batches of a task do. */
export class MeasuredBatch implements DocumentBatch {
  body = Buffer.allocUnsafeSlow(BODY_BYTES);
  bodyLength = 0;
  readonly ownIds = new Map<number, string>();
  readonly outputs = new Map<number, Buffer>();
  readonly invalidUtf8 = new Set<number>();
  documents = 0;
  private readonly place: { partition: number; offset: number; timestamp: number };

  constructor(timestamp: number) {
    this.place = { partition: 3, offset: 0, timestamp };
  }

  origin(item: number): { partition: number; offset: number; timestamp: number } {
    this.place.offset = item;
    return this.place;
  }

  reserve(bytes: number): void {
    if (this.bodyLength + bytes > this.body.length) {
      this.bodyLength = 0;
    }
  }

  setDocument(): void {
    this.documents++;
  }

  reject(_item: number, { reason }: { reason: string }): void {
    throw new Error(`a record of the bench was rejected: ${reason}`);
  }

  skip(): void {
    throw new Error('a record of the bench was skipped');
  }

  drop(): void {
    throw new Error('a record of the bench was dropped');
  }
}
