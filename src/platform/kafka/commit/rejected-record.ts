import type { RecordHeader } from '../wire/record-headers.js';

/** Where a rejected record came from; the timestamp in epoch ms. */
export interface RejectedOrigin {
  topic: string;
  partition: number;
  offset: number;
  timestamp: number;
}

/** Texts of headers by name; one that is undefined does not apply, and is left out. */
export type HeaderTexts = readonly (readonly [name: string, text: string | number | boolean | undefined])[];

const MAX_REASON_BYTES = 2048;
export const MAX_TRUNCATED_BYTES = 1024 * 1024;

/** What is left of a value that even the error topic refuses. */
export function truncateValue(value: Buffer | null): Buffer | null {
  return value && value.length > MAX_TRUNCATED_BYTES ? value.subarray(0, MAX_TRUNCATED_BYTES) : value;
}

export function truncationHeader(value: Buffer | null): RecordHeader {
  return header('__error_truncated', String(value?.length ?? 0));
}

/** The reason as a header holds it. */
export function cutReason(reason: string): string {
  return cutText(reason, MAX_REASON_BYTES);
}

export function originTexts(origin: RejectedOrigin, reason: string): HeaderTexts {
  return [
    ['__source_topic', origin.topic],
    ['__source_partition', origin.partition],
    ['__source_offset', origin.offset],
    ['__source_timestamp', origin.timestamp],
    // The names of Kafka Connect's dead letter queue, for the tools that know those.
    ['__connect.errors.topic', origin.topic],
    ['__connect.errors.partition', origin.partition],
    ['__connect.errors.offset', origin.offset],
    ['__connect.errors.exception.message', reason],
  ];
}

export function headersOf(texts: HeaderTexts): RecordHeader[] {
  return texts.flatMap(([name, value]) => (value === undefined ? [] : [header(name, String(value))]));
}

/** The longest beginning of a text that takes so many UTF-8 bytes and splits no character. */
export function cutText(text: string, maxBytes: number): string {
  // No character takes fewer bytes than UTF-16 units, so the rest of a very long text need not be encoded.
  const bytes = Buffer.from(text.slice(0, maxBytes + 1));
  if (bytes.length <= maxBytes) {
    return bytes.toString();
  }
  let end = maxBytes;
  // Bytes 10xxxxxx continue a character.
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) {
    end--;
  }
  return bytes.toString('utf8', 0, end);
}

function header(name: string, value: string): RecordHeader {
  return [Buffer.from(name), Buffer.from(value)];
}
