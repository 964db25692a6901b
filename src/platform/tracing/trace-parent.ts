/**
 * The W3C `traceparent`: `00-<trace id>-<parent span id>-<flags>`, all in lower-case hexadecimal.
 * https://www.w3.org/TR/trace-context/#traceparent-header
 */
export interface TraceParent {
  traceId: string;
  spanId: string;
  flags: number;
}

export const TRACE_PARENT = 'traceparent';
export const TRACE_STATE = 'tracestate';

const LENGTH = 55;
const TRACE_ID = { start: 3, end: 35 };
const SPAN_ID = { start: 36, end: 52 };
const FLAGS = { start: 53, end: 55 };
const SAMPLED = 1;
/** Says that the trace id is random; true of whoever continues the trace, too. Other flags have no meaning yet. */
const RANDOM = 2;
const DASH = 0x2d;
const ZERO = 0x30;

/**
 * The parent in these bytes when its trace is recorded; undefined when it is not, and when this is no traceparent. A
 * version later than ours is read as far as ours goes, as the standard wants it.
 */
export function findSampledParent(bytes: Buffer, start: number, end: number): TraceParent | undefined {
  // The flag first: of most records the trace is not recorded, and they need no closer look.
  if (
    end - start < LENGTH ||
    (hexDigit(bytes[start + LENGTH - 1]) & SAMPLED) === 0 ||
    !isWellFormed(bytes, start, end)
  ) {
    return undefined;
  }
  const text = bytes.toString('latin1', start, start + LENGTH);
  return {
    traceId: text.slice(TRACE_ID.start, TRACE_ID.end),
    spanId: text.slice(SPAN_ID.start, SPAN_ID.end),
    flags: Number.parseInt(text.slice(FLAGS.start, FLAGS.end), 16),
  };
}

/** The traceparent that hands the trace on with another span as the parent. */
export function continuedParent({ traceId, flags }: TraceParent, spanId: string): string {
  return `00-${traceId}-${spanId}-0${flags & (SAMPLED | RANDOM)}`;
}

function isWellFormed(bytes: Buffer, start: number, end: number): boolean {
  const version = hexDigit(bytes[start]) * 16 + hexDigit(bytes[start + 1]);
  const endsWell = end - start === LENGTH || (version > 0 && bytes[start + LENGTH] === DASH);
  return (
    version >= 0 &&
    version < 0xff &&
    endsWell &&
    bytes[start + TRACE_ID.start - 1] === DASH &&
    bytes[start + SPAN_ID.start - 1] === DASH &&
    bytes[start + FLAGS.start - 1] === DASH &&
    isId(bytes, start + TRACE_ID.start, start + TRACE_ID.end) &&
    isId(bytes, start + SPAN_ID.start, start + SPAN_ID.end) &&
    hexDigit(bytes[start + FLAGS.start]) >= 0
  );
}

/** Hexadecimal digits, and not all of them 0. */
function isId(bytes: Buffer, start: number, end: number): boolean {
  let isZero = true;
  for (let at = start; at < end; at++) {
    if (hexDigit(bytes[at]) < 0) {
      return false;
    }
    isZero &&= bytes[at] === ZERO;
  }
  return !isZero;
}

/** The value of a lower-case digit; far below zero for anything else, so that no sum with another digit hides it. */
function hexDigit(byte = 0): number {
  if (byte >= ZERO && byte <= 0x39) {
    return byte - ZERO;
  }
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1000;
}
