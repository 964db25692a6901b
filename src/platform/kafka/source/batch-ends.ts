const BATCH_HEAD_BYTES = 12;
const LAST_OFFSET_DELTA_AT = 23;
const HEADER_BYTES = 61;

/**
 * The offset behind the last whole record batch of an answer, read from the batch headers alone, so that the next
 * request can be on its way before the records are looked at. The given offset when there is no whole batch.
 */
export function offsetBehind(records: Buffer, fetchOffset: number): number {
  let next = fetchOffset;
  for (let at = 0; records.length - at >= HEADER_BYTES;) {
    const end = at + BATCH_HEAD_BYTES + records.readInt32BE(at + 8);
    if (end > records.length) {
      break;
    }
    next = Number(records.readBigInt64BE(at)) + records.readInt32BE(at + LAST_OFFSET_DELTA_AT) + 1;
    at = end;
  }
  return Math.max(next, fetchOffset);
}
