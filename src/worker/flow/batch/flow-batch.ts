import type { Rejection } from '../../../domain/rejection.js';
import type { RecordCursor } from '../../../platform/kafka/wire/record-cursor.js';
import type { RecordOrigin } from '../../../document/annotate/generated-id.js';
import type { DocumentBatch } from '../../../document/document-batch.js';
import { ItemState } from './item-state.js';
import type { RecordSpan } from '../trace/record-span.js';
import type { TargetBase } from '../../../document/target-base.js';

const INITIAL_ITEMS = 256;
const INITIAL_BODY_BYTES = 64 * 1024;

/** Integers kept for each item, side by side in one array. */
const Field = {
  Partition: 0,
  Chunk: 1,
  KeyStart: 2,
  KeyLength: 3,
  ValueStart: 4,
  ValueLength: 5,
  HeadersStart: 6,
  RecordEnd: 7,
  LineStart: 8,
  DocumentStart: 9,
  DocumentEnd: 10,
  Base: 11,
} as const;
const FIELDS = 12;

/**
 * The records of one bulk and everything needed to make them final, without an object for each: positions in the
 * fetched bytes (for the original) and in the bulk body (for the document). Items are in the order of reading; within a
 * partition that is offset order. Reused after `reset`.
 */
export class FlowBatch implements DocumentBatch {
  /** Bulk body: an action line and a document line for each item that has one. */
  body = Buffer.allocUnsafeSlow(INITIAL_BODY_BYTES);
  bodyLength = 0;
  count = 0;
  /** Bytes of the records read into this batch; the buffer cap counts these. */
  recordBytes = 0;
  /** Monotonic ms of the first record; 0 while there is nothing to flush. */
  openedAtMs = 0;
  /** Items whose state is still Pending. */
  pending = 0;
  /** Items that have lines in the body, final or not. */
  documents = 0;
  /** Sends that this batch has seen. */
  attempts = 0;
  /** Lost items that are counted as given back. */
  givenBack = 0;
  /** Where the following fetch of each partition starts once this batch is final. */
  readonly nextOffsets = new Map<number, number>();
  readonly rejections = new Map<number, Rejection>();
  /** Id (with routing) of the items that brought their own. */
  readonly ownIds = new Map<number, string>();
  /** Output bytes that differ from the body (raw line breaks). */
  readonly outputs = new Map<number, Buffer>();
  /** Items whose value was not valid UTF-8. */
  readonly invalidUtf8 = new Set<number>();
  /** Rejected items whose record even the error topic refused: their value is cut. */
  readonly truncated = new Set<number>();
  /** Items whose trace is recorded; none while tracing is off. */
  readonly recordSpans = new Map<number, RecordSpan>();
  /** Recorded whatever its records say; undefined until somebody asked. */
  isPickedForTrace: boolean | undefined;
  readonly bases: TargetBase[] = [];

  private capacity = INITIAL_ITEMS;
  private fields = new Int32Array(INITIAL_ITEMS * FIELDS);
  private offsets = new Float64Array(INITIAL_ITEMS);
  private timestamps = new Float64Array(INITIAL_ITEMS);
  private states = new Uint8Array(INITIAL_ITEMS);
  /** The states as the last attempt to commit took them. */
  private sealedStates = new Uint8Array(INITIAL_ITEMS);
  private readonly chunks: Buffer[] = [];

  get isEmpty(): boolean {
    return this.count === 0 && this.nextOffsets.size === 0;
  }

  /** Takes the cursor's record in as the next item, without a document yet, and returns its index. */
  append(cursor: RecordCursor, partition: number): number {
    const index = this.count++;
    if (index === this.capacity) {
      this.grow();
    }
    const { fields } = this;
    const at = index * FIELDS;
    if (this.chunks.at(-1) !== cursor.bytes) {
      this.chunks.push(cursor.bytes);
    }
    fields[at + Field.Partition] = partition;
    fields[at + Field.Chunk] = this.chunks.length - 1;
    fields[at + Field.KeyStart] = cursor.keyStart;
    fields[at + Field.KeyLength] = cursor.keyLength;
    fields[at + Field.ValueStart] = cursor.valueStart;
    fields[at + Field.ValueLength] = cursor.valueLength;
    fields[at + Field.HeadersStart] = cursor.headersStart;
    fields[at + Field.RecordEnd] = cursor.recordEnd;
    fields[at + Field.LineStart] = -1;
    fields[at + Field.Base] = -1;
    this.offsets[index] = cursor.offset;
    this.timestamps[index] = cursor.timestamp;
    this.states[index] = ItemState.Skipped;
    this.recordBytes += cursor.recordEnd - cursor.recordStart;
    return index;
  }

  /** Gives the item its lines in the body; it is pending from now on. */
  setDocument(index: number, lineStart: number, documentStart: number, documentEnd: number, base: TargetBase): void {
    const at = index * FIELDS;
    this.fields[at + Field.LineStart] = lineStart;
    this.fields[at + Field.DocumentStart] = documentStart;
    this.fields[at + Field.DocumentEnd] = documentEnd;
    this.fields[at + Field.Base] = this.baseIndex(base);
    this.states[index] = ItemState.Pending;
    this.pending++;
    this.documents++;
  }

  /** Makes an item final. A second verdict for the same item is a bug, except that a lost one stays lost. */
  settle(index: number, state: ItemState, rejection?: Rejection): void {
    const was = this.states[index];
    if (was === ItemState.Lost) {
      return;
    }
    if (was === ItemState.Pending) {
      this.pending--;
    }
    this.states[index] = state;
    if (rejection) {
      this.rejections.set(index, rejection);
    }
  }

  reject(index: number, rejection: Rejection): void {
    this.settle(index, ItemState.Rejected, rejection);
  }

  skip(index: number): void {
    this.settle(index, ItemState.Skipped);
  }

  drop(index: number): void {
    this.settle(index, ItemState.Dropped);
  }

  /** Gives up what belongs to partitions that other members have now, and says how many items that was. */
  lose(isLost: (partition: number) => boolean): number {
    let lost = 0;
    for (let index = 0; index < this.count; index++) {
      if (this.states[index] !== ItemState.Lost && isLost(this.partition(index))) {
        this.settle(index, ItemState.Lost);
        lost++;
      }
    }
    for (const partition of [...this.nextOffsets.keys()].filter(isLost)) {
      this.nextOffsets.delete(partition);
    }
    return lost;
  }

  /** Keeps the states as they are now for whoever asks what a transaction took, whatever is lost while it is under way. */
  seal(): void {
    this.sealedStates.set(this.states.subarray(0, this.count));
  }

  sealedState(index: number): ItemState {
    return this.sealedStates[index] as ItemState;
  }

  /** Adds the timestamp of the first item of each partition that `into` does not know yet; lost ones are passed over. */
  addFirstTimestamps(into: Map<number, number>): void {
    let previous = -1;
    for (let index = 0; index < this.count; index++) {
      const partition = this.partition(index);
      if (partition !== previous && this.states[index] !== ItemState.Lost) {
        previous = partition;
        into.set(partition, into.get(partition) ?? this.timestamp(index));
      }
    }
  }

  /** Sets the timestamp of the last item of each partition that is not lost. */
  setLastTimestamps(into: Map<number, number>): void {
    for (let index = 0; index < this.count; index++) {
      const partition = this.partition(index);
      const endsRun = index + 1 === this.count || this.partition(index + 1) !== partition;
      if (endsRun && this.nextOffsets.has(partition)) {
        into.set(partition, this.timestamp(index));
      }
    }
  }

  /** Epoch ms of the oldest record that has a time; undefined when there is none, or nothing is left of the batch. */
  oldestTimestamp(): number | undefined {
    let oldest = Infinity;
    for (let index = 0; index < this.count; index++) {
      const timestamp = this.timestamp(index);
      if (timestamp >= 0 && timestamp < oldest && this.states[index] !== ItemState.Lost) {
        oldest = timestamp;
      }
    }
    return oldest === Infinity ? undefined : oldest;
  }

  /** Makes the body hold at least so many bytes more; what was written stays. */
  reserve(bytes: number): void {
    const needed = this.bodyLength + bytes;
    if (needed > this.body.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.body.length * 2));
      this.body.copy(grown, 0, 0, this.bodyLength);
      this.body = grown;
    }
  }

  reset(): void {
    this.bodyLength = 0;
    this.count = 0;
    this.recordBytes = 0;
    this.openedAtMs = 0;
    this.pending = 0;
    this.documents = 0;
    this.attempts = 0;
    this.givenBack = 0;
    this.nextOffsets.clear();
    this.rejections.clear();
    this.ownIds.clear();
    this.outputs.clear();
    this.invalidUtf8.clear();
    this.truncated.clear();
    this.recordSpans.clear();
    this.isPickedForTrace = undefined;
    this.bases.length = 0;
    this.chunks.length = 0;
  }

  state(index: number): ItemState {
    return this.states[index] as ItemState;
  }

  partition(index: number): number {
    return this.field(index, Field.Partition);
  }

  offset(index: number): number {
    return this.offsets[index] ?? 0;
  }

  timestamp(index: number): number {
    return this.timestamps[index] ?? 0;
  }

  origin(index: number): RecordOrigin {
    return { partition: this.partition(index), offset: this.offset(index), timestamp: this.timestamp(index) };
  }

  base(index: number): TargetBase | undefined {
    return this.bases[this.field(index, Field.Base)];
  }

  key(index: number): Buffer | null {
    return this.slice(index, this.field(index, Field.KeyStart), this.field(index, Field.KeyLength));
  }

  /** The original value; null for a tombstone. */
  value(index: number): Buffer | null {
    return this.slice(index, this.field(index, Field.ValueStart), this.field(index, Field.ValueLength));
  }

  /** The original headers as they stand in the record, with their count in front. */
  rawHeaders(index: number): Buffer {
    return this.chunk(index).subarray(this.field(index, Field.HeadersStart), this.field(index, Field.RecordEnd));
  }

  /** The headers as they are handed on: the original ones, but for the traceparent of an item whose trace is recorded. */
  headersToForward(index: number): Buffer {
    const raw = this.rawHeaders(index);
    return this.recordSpans.get(index)?.continueIn(raw) ?? raw;
  }

  /** What a first send needs: the lines of every item that has some. */
  wholeBody(): Buffer {
    return this.body.subarray(0, this.bodyLength);
  }

  /** Action line and document line, both with their line break. */
  lines(index: number): Buffer {
    return this.body.subarray(this.field(index, Field.LineStart), this.field(index, Field.DocumentEnd) + 1);
  }

  /** Length of `lines`. */
  lineBytes(index: number): number {
    return this.field(index, Field.DocumentEnd) + 1 - this.field(index, Field.LineStart);
  }

  actionLine(index: number): Buffer {
    return this.body.subarray(this.field(index, Field.LineStart), this.field(index, Field.DocumentStart) - 1);
  }

  /** The annotated document as it goes to the output topic. */
  document(index: number): Buffer {
    const own = this.outputs.get(index);
    return own ?? this.body.subarray(this.field(index, Field.DocumentStart), this.field(index, Field.DocumentEnd));
  }

  private chunk(index: number): Buffer {
    const chunk = this.chunks[this.field(index, Field.Chunk)];
    if (!chunk) {
      throw new Error(`item ${index} has lost its bytes`);
    }
    return chunk;
  }

  private slice(index: number, start: number, length: number): Buffer | null {
    return length < 0 ? null : this.chunk(index).subarray(start, start + length);
  }

  private field(index: number, field: number): number {
    return this.fields[index * FIELDS + field] ?? 0;
  }

  private baseIndex(base: TargetBase): number {
    const known = this.bases.indexOf(base);
    return known >= 0 ? known : this.bases.push(base) - 1;
  }

  private grow(): void {
    this.capacity *= 2;
    this.fields = copyInto(new Int32Array(this.capacity * FIELDS), this.fields);
    this.offsets = copyInto(new Float64Array(this.capacity), this.offsets);
    this.timestamps = copyInto(new Float64Array(this.capacity), this.timestamps);
    this.states = copyInto(new Uint8Array(this.capacity), this.states);
    this.sealedStates = new Uint8Array(this.capacity);
  }
}

function copyInto<T extends Int32Array | Float64Array | Uint8Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
