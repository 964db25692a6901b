import { Field, FIELD_NAMES } from '../ensure/field.js';
import type { JsonScanner } from '../ensure/json-scanner.js';
import type { AnnotationBase } from './annotation-base.js';
import { type CategoryKind, isFilledString, kindOfSpelling } from './category.js';
import type { ByteRange } from './byte-range.js';
import { instantOfString, modulo } from './instant.js';
import { isIntegerAt } from './integer.js';
import { findLabels } from './metric-labels.js';
import { readSpan } from './trace-span.js';

const NONE = -1;
const USUAL_CUTS = 32;
/** Room that a record with countless duplicates took is given back at the next one. */
const KEPT_CUTS = 8192;

const ALWAYS = 1;
const WITH_TSID = 2;
/** When a field's members give way to the annotation. */
const REPLACED = new Uint8Array(FIELD_NAMES.length);
for (const name of [
  '__pipeline_id',
  '__index_base',
  '__data_type',
  '__category',
  '__write_time',
  '@timestamp',
  '__id',
] as const) {
  REPLACED[Field[name]] = ALWAYS;
}
REPLACED[Field.__tsid] = WITH_TSID;
REPLACED[Field.__routing] = WITH_TSID;
const PROMETHEUS = Field.prometheus;
const TIMESTAMP = Field['@timestamp'];

const ROUTING_WINDOW_MS = 7_200_000;
/** A double holds the integers of so many digits exactly. */
const SAFE_DIGITS = 15;
/** An integer longer than that is no time; it is kept, but not calculated with. */
const LONGEST_TIME = 40;

/** What annotation is going to do to one record: what is left out, and what is added. Reused; nothing is written yet. */
export class RecordPlan {
  /** Value of `__category` in the record's bytes; -1 when it is the base's own. */
  categoryStart = NONE;
  categoryEnd = NONE;
  /** `@timestamp` in epoch ms, unless the record's own spelling of it is kept: then that range is set. */
  timestampMs = 0;
  timestampStart = NONE;
  timestampEnd = NONE;
  /** Of a metric with labels, else empty. */
  tsid = '';
  /** `__routing` of a metric with labels, else empty. */
  tsidRouting = '';
  /** Labels that move to the top level. */
  movedLabels: ByteRange | undefined;
  /** `Duration` to add. */
  durationNs: bigint | undefined;
  /** Routing of the bulk action, empty when there is none. */
  actionRouting = '';
  /** Ranges of the record to leave out: start and end of each, ascending, two numbers a cut. */
  cuts = new Int32Array(2 * USUAL_CUTS);
  cutCount = 0;

  make(scanner: JsonScanner, base: AnnotationBase, writeTimeMs: number): void {
    this.reset();
    const kind = this.chooseCategory(scanner, base);
    this.chooseTimestamp(scanner, writeTimeMs);
    if (kind === 'trace') {
      this.planTrace(scanner);
    }
    this.planCuts(scanner, kind === 'metric' ? this.planMetric(scanner, writeTimeMs) : []);
  }

  private reset(): void {
    this.categoryStart = NONE;
    this.timestampStart = NONE;
    this.tsid = '';
    this.tsidRouting = '';
    this.movedLabels = undefined;
    this.durationNs = undefined;
    this.actionRouting = '';
    this.cutCount = 0;
    if (this.cuts.length > 2 * KEPT_CUTS) {
      this.cuts = new Int32Array(2 * USUAL_CUTS);
    }
  }

  private chooseCategory(scanner: JsonScanner, base: AnnotationBase): CategoryKind {
    let hit = scanner.lastHitOf(Field.__category);
    if (!this.isFilled(scanner, hit)) {
      hit = scanner.lastHitOf(Field.category);
      if (!this.isFilled(scanner, hit)) {
        return base.kind;
      }
    }
    this.categoryStart = scanner.valueStartAt(hit);
    this.categoryEnd = scanner.valueEndAt(hit);
    return kindOfSpelling(scanner.bytes, this.categoryStart, this.categoryEnd);
  }

  private isFilled(scanner: JsonScanner, hit: number): boolean {
    return hit >= 0 && isFilledString(scanner.bytes, scanner.valueStartAt(hit), scanner.valueEndAt(hit));
  }

  private chooseTimestamp(scanner: JsonScanner, writeTimeMs: number): void {
    this.timestampMs = writeTimeMs;
    const hit = scanner.lastHitOf(TIMESTAMP);
    if (hit < 0) {
      return;
    }
    const start = scanner.valueStartAt(hit);
    const end = scanner.valueEndAt(hit);
    if (isIntegerAt(scanner.bytes, start, end)) {
      this.timestampStart = start;
      this.timestampEnd = end;
      return;
    }
    const instant = instantOfString(scanner.bytes, start, end);
    this.timestampMs = Number.isNaN(instant) ? writeTimeMs : instant;
  }

  private planTrace(scanner: JsonScanner): void {
    const span = readSpan(scanner);
    if (span.startMs !== undefined) {
      this.timestampMs = span.startMs;
      this.timestampStart = NONE;
    }
    this.durationNs = span.durationNs;
    this.actionRouting = span.traceId;
  }

  /** Answers what has to go from within `prometheus`. */
  private planMetric(scanner: JsonScanner, writeTimeMs: number): readonly ByteRange[] {
    const labels = findLabels(scanner);
    if (!labels) {
      return [];
    }
    this.tsid = labels.tsid;
    this.tsidRouting = `${labels.tsid}-${this.routingWindow(scanner.bytes, writeTimeMs)}`;
    this.actionRouting = this.tsidRouting;
    this.movedLabels = labels.cuts.length > 0 ? labels.range : undefined;
    return labels.cuts;
  }

  /** floor(@timestamp / 1000 / 7200), exact for integers of any sensible length. */
  private routingWindow(bytes: Buffer, writeTimeMs: number): string {
    const length = this.timestampStart === NONE ? 0 : this.timestampEnd - this.timestampStart;
    const spelling = bytes.toString('latin1', this.timestampStart, this.timestampStart + length);
    if (length > SAFE_DIGITS && length <= LONGEST_TIME) {
      const time = BigInt(spelling);
      const window = BigInt(ROUTING_WINDOW_MS);
      return String((time - (((time % window) + window) % window)) / window);
    }
    const kept = length > LONGEST_TIME ? writeTimeMs : Number(spelling);
    const time = length === 0 ? this.timestampMs : kept;
    return String((time - modulo(time, ROUTING_WINDOW_MS)) / ROUTING_WINDOW_MS);
  }

  private planCuts(scanner: JsonScanner, withinPrometheus: readonly ByteRange[]): void {
    const prometheus = withinPrometheus.length > 0 ? scanner.lastHitOf(PROMETHEUS) : NONE;
    for (let hit = 0; hit < scanner.hitCount; hit++) {
      const replaced = REPLACED[scanner.fieldAt(hit)];
      if (replaced === ALWAYS || (replaced === WITH_TSID && this.tsid !== '')) {
        // With what follows it up to the next member: a comma left before the closing brace serves the annotations.
        this.cut(scanner.keyStartAt(hit), scanner.nextAt(hit));
      } else if (hit === prometheus) {
        for (const { start, end } of withinPrometheus) {
          this.cut(start, end);
        }
      }
    }
  }

  private cut(start: number, end: number): void {
    const at = 2 * this.cutCount++;
    if (at === this.cuts.length) {
      const grown = new Int32Array(this.cuts.length * 2);
      grown.set(this.cuts);
      this.cuts = grown;
    }
    this.cuts[at] = start;
    this.cuts[at + 1] = end;
  }
}
