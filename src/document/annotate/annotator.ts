import type { IndexBase } from '../../domain/index-base.js';
import type { DocumentVersion } from '../../domain/pipeline.js';
import { Byte, isLineBreak } from '../../json/byte.js';
import { Field } from '../ensure/field.js';
import { JsonScanner } from '../ensure/json-scanner.js';
import { decodeString, isStringAt } from '../../json/members.js';
import { AnnotationBase } from './annotation-base.js';
import { readOwnId } from './document-id.js';
import { EncodedRecord } from './encoded-record.js';
import type { RecordOrigin } from './generated-id.js';
import { RecordPlan } from './record-plan.js';
import { RecordWriter } from './record-writer.js';

export interface AnnotatorOptions {
  pipelineId: string;
  /** A record's own `__index_base` decides where it goes. */
  useIndexBaseInData: boolean;
  documentVersion: DocumentVersion;
}

const { SPACE } = Byte;
const INDEX_BASE = Field.__index_base;
const ID = Field.__id;

/**
 * Last step before the bulk: adds the annotations of the product to a record's bytes, by splicing, and writes them into a
 * bulk body. In two phases, because the base that a record names has to be looked up in between. One annotator serves one
 * task, one record at a time.
 */
export class Annotator {
  /** What the last `encode` made; overwritten by the next. */
  readonly encoded: EncodedRecord;

  private readonly plan = new RecordPlan();
  private readonly writer: RecordWriter;
  private scanner = new JsonScanner();
  private readonly spelledBases = new WeakMap<IndexBase, AnnotationBase>();
  private lastBase: IndexBase | undefined;
  private lastSpelled: AnnotationBase | undefined;

  constructor(private readonly options: AnnotatorOptions) {
    this.encoded = new EncodedRecord(options.pipelineId);
    this.writer = new RecordWriter(options.pipelineId, options.documentVersion);
  }

  /**
   * Takes up a record: its bytes, and the scanner that has just scanned them and must not scan others until `encode` is
   * through (who had to wait in between scans and prepares again). Answers the base type that the record names for itself,
   * as it stands there: it may be no legal name. Empty when the pipeline does not look for one, or the record has none
   * that is a string.
   */
  prepare(bytes: Buffer, scanner: JsonScanner): string {
    this.scanner = scanner;
    const hit = this.options.useIndexBaseInData ? scanner.lastHitOf(INDEX_BASE) : -1;
    if (hit < 0 || !isStringAt(bytes, scanner.valueStartAt(hit))) {
      return '';
    }
    return decodeString(bytes, scanner.valueStartAt(hit), scanner.valueEndAt(hit));
  }

  /** Upper bound of what `encode` writes for the prepared record of so many bytes: make room for it first. */
  maxEncodedBytes(valueLength: number, base: IndexBase): number {
    return this.writer.maxBytes(valueLength, this.scanner, this.spelled(base));
  }

  /**
   * Writes action line and document line of the prepared record into `out` at `pos`, fills `encoded` and answers the
   * position after them. When the record is refused (`encoded.rejection`) it answers `pos`, and nothing counts as written.
   * What is spelled for a base is kept by the object: a base that changed comes as another object.
   */
  encode(origin: RecordOrigin, base: IndexBase, out: Buffer, pos: number): number {
    const { encoded, plan, scanner, writer } = this;
    const spelled = this.spelled(base);
    encoded.reset(origin);
    if (!this.takeOwnId(spelled)) {
      return pos;
    }
    plan.make(scanner, spelled, origin.timestamp);
    encoded.routing = plan.actionRouting;
    encoded.documentStart = writer.writeAction(out, pos, scanner, spelled, encoded);
    const end = writer.writeDocument(out, encoded.documentStart, scanner, spelled, encoded, plan);
    encoded.documentEnd = end - 1;
    if (scanner.hasLineBreaks) {
      this.joinLines(out);
    }
    return end;
  }

  private spelled(base: IndexBase): AnnotationBase {
    if (base === this.lastBase && this.lastSpelled) {
      return this.lastSpelled;
    }
    const spelled = this.spelledBases.get(base) ?? new AnnotationBase(this.options.pipelineId, base);
    this.spelledBases.set(base, spelled);
    this.lastBase = base;
    this.lastSpelled = spelled;
    return spelled;
  }

  /** False when the record has an id that cannot be one. */
  private takeOwnId(base: AnnotationBase): boolean {
    const { scanner, encoded } = this;
    const hit = scanner.lastHitOf(ID);
    if (hit < 0) {
      return true;
    }
    const own = readOwnId(scanner.bytes, scanner.valueStartAt(hit), scanner.valueEndAt(hit));
    if ('fault' in own) {
      encoded.rejection = { code: 'DOCUMENT_ID_INVALID', reason: own.fault, stage: 'annotate', index: base.alias };
      return false;
    }
    encoded.setOwnId(own.id);
    return true;
  }

  /** A bulk body is lines: within the document raw line breaks become spaces. The output record keeps them. */
  private joinLines(out: Buffer): void {
    const { documentStart, documentEnd } = this.encoded;
    this.encoded.outputBytes = Buffer.from(out.subarray(documentStart, documentEnd));
    for (let i = documentStart; i < documentEnd; i++) {
      // Checked JSON has none within strings, so each one stands between tokens.
      if (isLineBreak(out[i]!)) {
        out[i] = SPACE;
      }
    }
  }
}
