import type { RecordOrigin } from '../../../document/annotate/generated-id.js';
import type { DocumentBatch } from '../../../document/document-batch.js';
import type { TargetBase } from '../../../document/target-base.js';
import type { Rejection } from '../../../domain/rejection.js';
import type { PreviewOutcome, RecordPlace } from './preview-outcome.js';

const INITIAL_BODY_BYTES = 64 * 1024;

interface BulkAction {
  index: { _index: string; _id: string; routing?: string; version?: number };
}

/** A batch of one record: what the builder writes for the bulk is read again, and shown instead of sent. */
export class PreviewBatch implements DocumentBatch {
  body = Buffer.allocUnsafeSlow(INITIAL_BODY_BYTES);
  bodyLength = 0;
  readonly ownIds = new Map<number, string>();
  readonly outputs = new Map<number, Buffer>();
  readonly invalidUtf8 = new Set<number>();

  private place: RecordPlace = { partition: 0, offset: 0, timestamp: 0 };
  private decided: PreviewOutcome | undefined;

  /** Empties it for the record that stands there. */
  open(place: RecordPlace): void {
    this.place = place;
    this.decided = undefined;
    this.bodyLength = 0;
    this.ownIds.clear();
    this.outputs.clear();
    this.invalidUtf8.clear();
  }

  /** What was decided about the record. */
  get outcome(): PreviewOutcome {
    if (!this.decided) {
      throw new Error('nothing was decided about the record');
    }
    return this.decided;
  }

  origin(): RecordOrigin {
    return this.place;
  }

  reserve(bytes: number): void {
    const needed = this.bodyLength + bytes;
    if (needed > this.body.length) {
      const grown = Buffer.allocUnsafeSlow(needed);
      this.body.copy(grown, 0, 0, this.bodyLength);
      this.body = grown;
    }
  }

  setDocument(_item: number, lineStart: number, documentStart: number, documentEnd: number, base: TargetBase): void {
    const action = JSON.parse(this.body.toString('utf8', lineStart, documentStart)) as BulkAction;
    const { _index: index, _id: id, routing, version } = action.index;
    this.decided = {
      result: 'document',
      document: this.body.toString('utf8', documentStart, documentEnd),
      ...{ index, id, outputTopic: base.outputTopic },
      ...(routing !== undefined && { routing }),
      ...(version !== undefined && { version }),
    };
  }

  reject(_item: number, rejection: Rejection): void {
    this.decided = { result: 'rejected', rejection };
  }

  skip(): void {
    this.decided = { result: 'skipped' };
  }

  drop(_item: number, reason: string): void {
    this.decided = { result: 'dropped', reason };
  }
}
