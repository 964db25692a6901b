import type { DocumentVersion } from '../../domain/pipeline.js';
import { Byte } from '../../json/byte.js';
import { Field } from '../ensure/field.js';
import type { JsonScanner } from '../ensure/json-scanner.js';
import type { AnnotationBase } from './annotation-base.js';
import { MAX_ID_SPELLING_BYTES } from './document-id.js';
import type { EncodedRecord } from './encoded-record.js';
import type { RecordPlan } from './record-plan.js';
import { writeAgain, writeBytes, writeInteger, writeRange } from './write-bytes.js';

const { COMMA, LINE_FEED, MINUS, QUOTE } = Byte;
const AT_SIGN = 0x40;
const CLOSE_BRACKET = 0x5d;
const ID = Field.__id;

const ACTION_ROUTING = Buffer.from(',"routing":');
const ACTION_VERSION = Buffer.from(',"version":');
const ACTION_VERSION_TYPE = Buffer.from(',"version_type":"external_gte"');
const ACTION_END = Buffer.from('}}\n');
const WRITE_TIME = Buffer.from(',"__write_time":');
const TIMESTAMP = Buffer.from(',"@timestamp":');
const DOCUMENT_ID = Buffer.from(',"__id":');
const LABELS = Buffer.from(',"labels":');

const LONGEST_INTEGER = String(Number.MIN_SAFE_INTEGER);
const LONGEST_ROUTING = `${'f'.repeat(32)}-${'9'.repeat(40)}`;
/** All that a record may get apart from bytes of its own, of the base and of the pipeline's id, each at its longest. */
const LONGEST_EXTRA = [
  `"[${LONGEST_INTEGER}]@${LONGEST_INTEGER}-${LONGEST_INTEGER}"`.repeat(2),
  `,"routing":"${LONGEST_ROUTING}","version":${LONGEST_INTEGER},"version_type":"external_gte"}}\n`,
  `,,"__write_time":${LONGEST_INTEGER},"@timestamp":${LONGEST_INTEGER},"__id":`,
  `,"__tsid":"${'f'.repeat(32)}","__routing":"${LONGEST_ROUTING}"`,
  `,"labels":,"Duration":-${2n ** 64n}}\n`,
].join('');

/** Writes the two lines of a bulk body for one record, as its plan says. */
export class RecordWriter {
  /** The pipeline's id and what follows it in a generated document id, without the quote that opens it. */
  private readonly generatedIdLead: Buffer;
  /** Where the generated id stands in the action, with its quotes: the document repeats it. */
  private idStart = 0;
  private idEnd = 0;
  /** The digits of the Kafka timestamp. */
  private time = Buffer.from('0');
  private timeMs = 0;
  private readonly timeRoom = Buffer.alloc(LONGEST_INTEGER.length);

  constructor(
    pipelineId: string,
    private readonly documentVersion: DocumentVersion,
  ) {
    this.generatedIdLead = Buffer.from(`"${pipelineId}[`);
  }

  /** Upper bound of what both lines of a scanned record of so many bytes take. */
  maxBytes(valueLength: number, scanner: JsonScanner, base: AnnotationBase): number {
    // What is left out and written again does not count twice. A category, a trace id and an own id may be written
    // without being left out, and each is at most as long as the member's value that it comes from.
    const repeated =
      lengthOf(scanner, Field.category) +
      lengthOf(scanner, Field.SpanContext) +
      Math.min(lengthOf(scanner, ID), MAX_ID_SPELLING_BYTES);
    const ofBase = base.action.length + base.leadWithCategory.length;
    const ofPipeline = 2 * this.generatedIdLead.length;
    return valueLength + repeated + ofBase + ofPipeline + LONGEST_EXTRA.length;
  }

  /** The action line with its line break. */
  writeAction(out: Buffer, pos: number, scanner: JsonScanner, base: AnnotationBase, record: EncodedRecord): number {
    this.spellTime(record.timestamp);
    let at = writeBytes(out, pos, base.action);
    at = record.hasOwnId ? this.writeOwnIdAsText(out, at, scanner) : this.writeGeneratedId(out, at, record);
    if (record.routing !== '') {
      at = writeBytes(out, at, ACTION_ROUTING);
      at += out.write(JSON.stringify(record.routing), at);
    }
    if (record.hasOwnId && this.documentVersion === 'offset') {
      at = writeBytes(out, at, ACTION_VERSION);
      at = writeInteger(out, at, record.offset);
      at = writeBytes(out, at, ACTION_VERSION_TYPE);
    }
    return writeBytes(out, at, ACTION_END);
  }

  /** The document with a line break after it, which counts in the answer. */
  writeDocument(
    out: Buffer,
    pos: number,
    scanner: JsonScanner,
    base: AnnotationBase,
    record: EncodedRecord,
    plan: RecordPlan,
  ): number {
    let at = this.writeKept(out, pos, scanner, plan);
    at = this.writeLead(out, at, scanner, base, plan);
    at = writeBytes(out, at, this.time);
    at = writeBytes(out, at, TIMESTAMP);
    at = this.writeTimestamp(out, at, scanner, record, plan);
    at = writeBytes(out, at, DOCUMENT_ID);
    at = record.hasOwnId ? this.writeOwnId(out, at, scanner) : writeAgain(out, at, this.idStart, this.idEnd);
    at = this.writeOfCategory(out, at, scanner, plan);
    at = writeRange(out, at, scanner.bytes, scanner.closeAt, scanner.end);
    out[at] = LINE_FEED;
    return at + 1;
  }

  /** The record's own bytes up to its closing brace, without what is left out, and a comma if one is due. */
  private writeKept(out: Buffer, pos: number, scanner: JsonScanner, plan: RecordPlan): number {
    const { bytes, closeAt } = scanner;
    let at = pos;
    let from = scanner.start;
    for (let cut = 0; cut < plan.cutCount; cut++) {
      at = writeRange(out, at, bytes, from, plan.cuts[2 * cut]!);
      from = plan.cuts[2 * cut + 1]!;
    }
    at = writeRange(out, at, bytes, from, closeAt);
    // When the last member was left out, the comma before it is still there (or nothing is left at all).
    const isLastKept = from !== closeAt || plan.cutCount === 0;
    if (!scanner.isEmpty && isLastKept) {
      out[at++] = COMMA;
    }
    return at;
  }

  private writeLead(out: Buffer, pos: number, scanner: JsonScanner, base: AnnotationBase, plan: RecordPlan): number {
    if (plan.categoryStart < 0) {
      return writeBytes(out, pos, base.leadWithCategory);
    }
    let at = writeBytes(out, pos, base.lead);
    at = writeRange(out, at, scanner.bytes, plan.categoryStart, plan.categoryEnd);
    return writeBytes(out, at, WRITE_TIME);
  }

  private writeTimestamp(
    out: Buffer,
    pos: number,
    scanner: JsonScanner,
    record: EncodedRecord,
    plan: RecordPlan,
  ): number {
    if (plan.timestampStart >= 0) {
      return writeRange(out, pos, scanner.bytes, plan.timestampStart, plan.timestampEnd);
    }
    return plan.timestampMs === record.timestamp
      ? writeBytes(out, pos, this.time)
      : writeInteger(out, pos, plan.timestampMs);
  }

  /** Many records in a row have the same time, and each needs its digits two or three times. */
  private spellTime(timestamp: number): void {
    if (timestamp !== this.timeMs) {
      this.timeMs = timestamp;
      this.time = this.timeRoom.subarray(0, writeInteger(this.timeRoom, 0, timestamp));
    }
  }

  private writeOfCategory(out: Buffer, pos: number, scanner: JsonScanner, plan: RecordPlan): number {
    let at = pos;
    if (plan.tsid !== '') {
      at += out.write(`,"__tsid":"${plan.tsid}","__routing":"${plan.tsidRouting}"`, at, 'latin1');
    }
    if (plan.movedLabels) {
      at = writeBytes(out, at, LABELS);
      at = writeRange(out, at, scanner.bytes, plan.movedLabels.start, plan.movedLabels.end);
    }
    if (plan.durationNs !== undefined) {
      at += out.write(`,"Duration":${plan.durationNs}`, at, 'latin1');
    }
    return at;
  }

  private writeGeneratedId(out: Buffer, pos: number, record: EncodedRecord): number {
    let at = writeBytes(out, pos, this.generatedIdLead);
    at = writeInteger(out, at, record.partition);
    out[at++] = CLOSE_BRACKET;
    out[at++] = AT_SIGN;
    at = writeInteger(out, at, record.offset);
    out[at++] = MINUS;
    at = writeBytes(out, at, this.time);
    out[at++] = QUOTE;
    this.idStart = pos;
    this.idEnd = at;
    return at;
  }

  /** With the record's own spelling, which is JSON on one line already. */
  private writeOwnId(out: Buffer, pos: number, scanner: JsonScanner): number {
    const hit = scanner.lastHitOf(ID);
    return writeRange(out, pos, scanner.bytes, scanner.valueStartAt(hit), scanner.valueEndAt(hit));
  }

  /** An integer gets quotes: `_id` is a text. */
  private writeOwnIdAsText(out: Buffer, pos: number, scanner: JsonScanner): number {
    const isText = scanner.bytes[scanner.valueStartAt(scanner.lastHitOf(ID))] === QUOTE;
    if (isText) {
      return this.writeOwnId(out, pos, scanner);
    }
    out[pos] = QUOTE;
    const at = this.writeOwnId(out, pos + 1, scanner);
    out[at] = QUOTE;
    return at + 1;
  }
}

function lengthOf(scanner: JsonScanner, field: number): number {
  const hit = scanner.lastHitOf(field);
  return hit < 0 ? 0 : scanner.valueEndAt(hit) - scanner.valueStartAt(hit);
}
