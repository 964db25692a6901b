import { setImmediate as nextTurn } from 'node:timers/promises';
import { BaseDirectory, type BaseLookup } from '../../../document/base-directory.js';
import { DocumentBuilder } from '../../../document/document-builder.js';
import { namesBases, pipelineChain } from '../../../document/pipeline-chain.js';
import type { PreviewedPipeline, PreviewedRecord } from './preview-job.js';
import { PreviewBatch } from './preview-batch.js';
import type { PreviewOutcome } from './preview-outcome.js';

/** Longer than a preview takes: within one, the answer about a base stays what it was. */
const UNKNOWN_BASE_FOR_MS = 60_000;

/** Sends records the way that a worker sends them, up to the bulk request, which nobody gets. */
export class PreviewRun {
  private readonly documents: DocumentBuilder;
  private readonly batch = new PreviewBatch();

  /** Throws UnusableHandlers for handlers that a worker could not apply either. */
  constructor(pipeline: PreviewedPipeline, lookup: BaseLookup) {
    const { id: pipelineId, ownBase, documentVersion, tombstones, maxRecordBytes, maxIndexBases } = pipeline;
    const bases = new BaseDirectory(
      ownBase,
      lookup,
      { maxBases: maxIndexBases, unknownForMs: UNKNOWN_BASE_FOR_MS },
      () => performance.now(),
    );
    this.documents = new DocumentBuilder(pipelineChain(pipeline, pipeline), bases, {
      ...{ pipelineId, documentVersion, tombstones, maxRecordBytes },
      namesBases: namesBases(pipeline),
    });
  }

  /** The outcome of each record, in order. Rejects when a base cannot be looked up. */
  async *outcomes(records: readonly PreviewedRecord[]): AsyncGenerator<PreviewOutcome> {
    for (const { value, extraBytes, ...place } of records) {
      this.batch.open(place);
      await this.documents.build(this.batch, 0, value && bufferOf(value), extraBytes);
      yield this.batch.outcome;
      // Messages of this thread leave it between two turns.
      await nextTurn();
    }
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
