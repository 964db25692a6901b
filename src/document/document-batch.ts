import type { Rejection } from '../domain/rejection.js';
import type { RecordOrigin } from './annotate/generated-id.js';
import type { TargetBase } from './target-base.js';

/** Where the documents of records go, and what is known of those that become none. Items are numbered by the batch. */
export interface DocumentBatch {
  /** Bulk body: an action line and a document line for each item that has one. */
  readonly body: Buffer;
  bodyLength: number;
  /** Id (with routing) of the items that brought their own. */
  readonly ownIds: Map<number, string>;
  /** Output bytes that differ from the body (raw line breaks). */
  readonly outputs: Map<number, Buffer>;
  /** Items whose value was not valid UTF-8. */
  readonly invalidUtf8: Set<number>;

  origin(item: number): RecordOrigin;
  /** Makes the body hold at least so many bytes more; `body` may be another buffer then. */
  reserve(bytes: number): void;
  setDocument(item: number, lineStart: number, documentStart: number, documentEnd: number, base: TargetBase): void;
  reject(item: number, rejection: Rejection): void;
  /** A tombstone, which the configuration passes over. */
  skip(item: number): void;
  /** Left out by a handler, for this reason. */
  drop(item: number, reason: string): void;
}
