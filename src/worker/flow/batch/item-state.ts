/** Where one record of a batch stands. Every state but Pending is final. */
export const ItemState = {
  /** In the bulk body, without an answer that settles it. */
  Pending: 0,
  Indexed: 1,
  /** A newer record of the same id is written: forwarded all the same. */
  Superseded: 2,
  /** To the error topic; see the batch's rejections. */
  Rejected: 3,
  /** Passed over because the configuration says so (tombstones). */
  Skipped: 4,
  /** Left out by a configured handler. */
  Dropped: 5,
  /** Its partition went to another member, which reads it again. */
  Lost: 6,
} as const;

export type ItemState = (typeof ItemState)[keyof typeof ItemState];
