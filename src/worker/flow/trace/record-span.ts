import { OpenSpan } from '../../../platform/tracing/open-span.js';
import { continuedParent } from '../../../platform/tracing/trace-parent.js';
import type { FoundTrace } from './trace-headers.js';

/** A record is sent and committed again after faults: so many of its bulks and commits are linked to it. */
const MAX_LINKS = 8;
/** The length of a traceparent as the record format spells it: zigzag, in one byte. */
const VALUE_LENGTH = 55 * 2;

/** The span of one record, from reading it to its commit; its parent is the span in which a producer sent it. */
export class RecordSpan extends OpenSpan {
  constructor(private readonly found: FoundTrace) {
    const { parent, traceState } = found;
    super({
      kind: 'consumer',
      traceId: parent.traceId,
      parentSpanId: parent.spanId,
      traceState,
      maxLinks: MAX_LINKS,
    });
  }

  /** The record's headers, with this span as the parent instead of the producer's; all other bytes as they are. */
  continueIn(rawHeaders: Buffer): Buffer {
    const { nameEnd, valueEnd, parent } = this.found;
    const value = continuedParent(parent, this.spanId);
    const out = Buffer.allocUnsafe(nameEnd + 1 + value.length + rawHeaders.length - valueEnd);
    rawHeaders.copy(out, 0, 0, nameEnd);
    out[nameEnd] = VALUE_LENGTH;
    out.write(value, nameEnd + 1, 'latin1');
    rawHeaders.copy(out, nameEnd + 1 + value.length, valueEnd);
    return out;
  }
}
