import type { Rejection } from '../../domain/rejection.js';
import { generatedId, type RecordOrigin } from './generated-id.js';

/** What {@link Annotator.encode} made of one record. One is reused: take what is needed before the next record. */
export class EncodedRecord {
  /** Range of the annotated document in the bulk body, without the line break that ends it. */
  documentStart = 0;
  documentEnd = 0;
  hasOwnId = false;
  /** Of the bulk action; empty when there is none. */
  routing = '';
  /**
   * The document for the output topic when it differs from the one in the bulk body: its raw line breaks, which are spaces
   * there. Undefined when both are the same bytes.
   */
  outputBytes: Buffer | undefined;
  /** Set when the record is refused: then nothing was written, and the other fields mean nothing. */
  rejection: Rejection | undefined;

  private ownId = '';
  partition = 0;
  offset = 0;
  timestamp = 0;

  constructor(private readonly pipelineId: string) {}

  /** The document id. Put together on demand when the record has none of its own: most callers never ask. */
  get id(): string {
    return this.hasOwnId ? this.ownId : generatedId(this.pipelineId, this);
  }

  /** Back to an empty result for the record that stands there. */
  reset(origin: RecordOrigin): void {
    this.partition = origin.partition;
    this.offset = origin.offset;
    this.timestamp = origin.timestamp;
    this.hasOwnId = false;
    this.ownId = '';
    this.routing = '';
    this.outputBytes = undefined;
    this.rejection = undefined;
  }

  setOwnId(id: string): void {
    this.hasOwnId = true;
    this.ownId = id;
  }
}
