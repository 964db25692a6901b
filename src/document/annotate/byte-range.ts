/** Positions in the scanned bytes; `end` is the position after the last one. */
export interface ByteRange {
  start: number;
  end: number;
}
