import type { OutgoingRecord } from '../wire/record-batch.js';
import { encodeHeaders } from '../wire/record-headers.js';
import type { KafkaMessage } from './kafka-message.js';
import type { Bytes, KafkaOutput } from './kafka-output.js';

/** An output in the bytes that are sent. */
export interface EncodedOutput {
  readonly topic: string;
  readonly record: OutgoingRecord;
  readonly byteLength: number;
}

/** Throws a TypeError for what cannot be written, so that the handler that made it fails. */
export function encodeOutput(topic: string, output: KafkaOutput, message: KafkaMessage): EncodedOutput {
  const headers = Object.entries(output.headers ?? {}).map(
    ([name, value]) => [Buffer.from(name), requiredBytes(`headers.${name}`, value)] as const,
  );
  const record = {
    timestamp: timestampOf(output.timestamp ?? message.timestamp),
    key: bytesOf('key', output.key ?? null),
    value: bytesOf('value', output.value),
    headers: encodeHeaders(headers),
    headerCount: headers.length,
  };
  return { topic, record, byteLength: byteLengthOf(record) };
}

export function byteLengthOf({ key, value, headers, moreHeaders }: OutgoingRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0) + (headers?.length ?? 0) + (moreHeaders?.length ?? 0);
}

function bytesOf(field: string, value: Bytes | null): Buffer | null {
  return value === null ? null : requiredBytes(field, value);
}

/** Handlers may come from code that no compiler has checked. */
function requiredBytes(field: string, value: unknown): Buffer {
  if (typeof value === 'string') {
    return Buffer.from(value);
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  throw new TypeError(
    `The ${field} of an output must be a text or bytes, or null for none; it was ${value === undefined ? 'undefined' : typeof value}: encode it first, for example with JSON.stringify.`,
  );
}

function timestampOf(timestamp: number): number {
  if (!Number.isSafeInteger(timestamp)) {
    throw new TypeError(`The timestamp of an output must be whole milliseconds since 1970; it was ${timestamp}.`);
  }
  return timestamp;
}
