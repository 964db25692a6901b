import { Field } from '../ensure/field.js';
import type { JsonScanner } from '../ensure/json-scanner.js';
import { decodeString, findMember, isObjectAt, isStringAt, readMembers } from '../../json/members.js';
import { findInteger64 } from './integer.js';

const NS_PER_MS = 1_000_000n;

/** What a trace record says about its span. Times are nanoseconds. */
export interface TraceSpan {
  /** Epoch ms; undefined when the record has no usable StartTime. */
  startMs: number | undefined;
  /** EndTime - StartTime; undefined when the record has a Duration already, or lacks one of the two. */
  durationNs: bigint | undefined;
  /** SpanContext.TraceID; empty when there is none. */
  traceId: string;
}

export function readSpan(scanner: JsonScanner): TraceSpan {
  const start = integerOf(scanner, Field.StartTime);
  const end = integerOf(scanner, Field.EndTime);
  const isMissing = scanner.lastHitOf(Field.Duration) < 0;
  return {
    startMs: start === undefined ? undefined : Number(start / NS_PER_MS),
    durationNs: isMissing && start !== undefined && end !== undefined ? end - start : undefined,
    traceId: traceIdOf(scanner),
  };
}

function integerOf(scanner: JsonScanner, field: number): bigint | undefined {
  const hit = scanner.lastHitOf(field);
  return hit < 0 ? undefined : findInteger64(scanner.bytes, scanner.valueStartAt(hit), scanner.valueEndAt(hit));
}

function traceIdOf(scanner: JsonScanner): string {
  const { bytes } = scanner;
  const hit = scanner.lastHitOf(Field.SpanContext);
  if (hit < 0 || !isObjectAt(bytes, scanner.valueStartAt(hit))) {
    return '';
  }
  const traceId = findMember(readMembers(bytes, scanner.valueStartAt(hit), scanner.valueEndAt(hit)), 'TraceID');
  return traceId && isStringAt(bytes, traceId.valueStart)
    ? // A routing is UTF-8: half of a surrogate pair becomes U+FFFD.
      decodeString(bytes, traceId.valueStart, traceId.valueEnd).toWellFormed()
    : '';
}
