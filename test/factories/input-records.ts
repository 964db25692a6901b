import * as content from './record-contents.js';
import type { InputRecord, RecordContent } from './input-record.js';

export interface MixOptions {
  count: number;
  partitions: number;
  /** Number of the first record: a second mix continues the first. */
  from?: number;
}

/** Each kind of record comes every so many records, at a place of its own among them; all others are plain JSON. */
const kinds: readonly { every: number; at: number; make: (n: number, partition: number) => RecordContent }[] = [
  { every: 5000, at: 17, make: content.oneMegabyte },
  { every: 1000, at: 7, make: content.tooDeep },
  { every: 500, at: 3, make: content.mappingConflict },
  { every: 500, at: 5, make: content.unusableId },
  { every: 500, at: 9, make: content.tombstone },
  { every: 100, at: 11, make: content.invalidUtf8 },
  { every: 50, at: 13, make: content.emptyObject },
  { every: 50, at: 15, make: content.scalarOrArray },
  { every: 20, at: 1, make: content.prettyPrinted },
  { every: 20, at: 2, make: content.plainText },
  { every: 20, at: 4, make: content.largeIntegers },
  { every: 20, at: 6, make: content.ownTimestamp },
  { every: 20, at: 8, make: (n) => content.ownId(n, `own-${n}`) },
  // One id a partition: only there has a sequence of its versions an order.
  { every: 20, at: 10, make: (n, partition) => content.ownId(n, `latest-${partition}`) },
];

/** Records of every kind, good and bad, spread over the partitions; the same ones for the same options. */
export function mixedRecords(options: MixOptions): InputRecord[] {
  return numbered(options, (n, partition) => {
    const kind = kinds.find(({ every, at }) => n % every === at);
    return kind === undefined ? content.jsonObject(n) : kind.make(n, partition);
  });
}

export function jsonRecords(options: MixOptions): InputRecord[] {
  return numbered(options, content.jsonObject);
}

/** More than a task of the smallest memory holds at once, so that some are unread while others are on their way. */
export function bulkyRecords(options: MixOptions): InputRecord[] {
  return numbered(options, content.kilobyte);
}

function numbered(
  { count, partitions, from = 0 }: MixOptions,
  make: (n: number, partition: number) => RecordContent,
): InputRecord[] {
  // All in the past, one millisecond apart.
  const startMs = Date.now() - count;
  return Array.from({ length: count }, (_, index) => {
    const n = from + index;
    const partition = scattered(n) % partitions;
    return {
      ...make(n, partition),
      partition,
      key: n % 3 === 0 ? null : Buffer.from(`key-${n}`),
      headers: headersOf(n),
      timestamp: startMs + index,
    };
  });
}

function headersOf(n: number): Record<string, string> {
  return n % 4 === 0 ? { trace: `trace-${n}`, source: 'test' } : {};
}

/** Breaks up every regularity of the numbers, so that no kind of record sits in one partition. */
function scattered(n: number): number {
  return Math.imul(n + 1, 0x9e3779b1) >>> 15;
}
