import type { HandlerChain } from '../../src/stream/handler-chain.js';
import { BaseDirectory } from '../../src/document/base-directory.js';
import { DocumentBuilder } from '../../src/document/document-builder.js';
import { BatchBuilder } from '../../src/worker/flow/batch/batch-builder.js';
import { FlowBatch } from '../../src/worker/flow/batch/flow-batch.js';
import type { ItemState } from '../../src/worker/flow/batch/item-state.js';
import type { TargetBase } from '../../src/document/target-base.js';
import type { RecordContext } from '../../src/document/record-context.js';
import type { FlowTracer } from '../../src/worker/flow/trace/flow-tracer.js';
import { RecordCursor } from '../../src/platform/kafka/wire/record-cursor.js';
import { type GivenRecord, writtenBatch } from './record-batches.js';

export interface FlowRecord extends Omit<GivenRecord, 'value' | 'offsetDelta'> {
  /** An object is spelled as JSON. */
  value?: string | Buffer | object | null;
  partition?: number;
  /** The place behind the one before it, when absent. */
  offset?: number;
}

export interface FlowBatchOptions {
  pipelineId?: string;
  documentVersion?: 'none' | 'offset';
  useIndexBaseInData?: boolean;
  tombstones?: 'skip' | 'error';
  maxRecordBytes?: number;
  chain?: HandlerChain<RecordContext>;
  /** What the provider knows beside the pipeline's own base. */
  foreignBases?: readonly string[];
  tracer?: FlowTracer;
}

export const PIPELINE_ID = 'p1';

export function targetBase(baseType = 'web', more: Partial<TargetBase> = {}): TargetBase {
  return {
    baseType,
    name: baseType,
    dataType: 'access',
    category: 'log',
    outputTopic: `default.mdl.process.${baseType}`,
    isOwn: baseType === 'web',
    ...more,
  };
}

export function batchBuilder(options: FlowBatchOptions = {}): BatchBuilder {
  const known = new Map((options.foreignBases ?? []).map((name) => [name, targetBase(name)]));
  const bases = new BaseDirectory(
    targetBase(),
    (name) => Promise.resolve(known.get(name)),
    { maxBases: 100, unknownForMs: 30_000 },
    () => 0,
  );
  const documents = new DocumentBuilder(options.chain, bases, {
    pipelineId: options.pipelineId ?? PIPELINE_ID,
    namesBases: options.useIndexBaseInData ?? known.size > 0,
    documentVersion: options.documentVersion ?? 'none',
    tombstones: options.tombstones ?? 'skip',
    maxRecordBytes: options.maxRecordBytes ?? 20 * 1024 * 1024,
  });
  return new BatchBuilder(documents, options.tracer);
}

/** A batch of these records, read from the bytes that a broker would send and taken in by the real builder. */
export async function flowBatch(records: readonly FlowRecord[], options: FlowBatchOptions = {}): Promise<FlowBatch> {
  const batch = new FlowBatch();
  await fill(batch, records, batchBuilder(options));
  return batch;
}

/** The same into a batch that may hold some already. */
export async function fill(batch: FlowBatch, records: readonly FlowRecord[], builder: BatchBuilder): Promise<void> {
  const next = new Map(batch.nextOffsets);
  for (const record of records) {
    const partition = record.partition ?? 0;
    const offset = record.offset ?? next.get(partition) ?? 0;
    const cursor = new RecordCursor(writtenBatch([plainRecord(record)], offset), offset, [], {
      maxDecompressedBytes: 0,
    });
    cursor.next();
    await builder.add(batch, cursor, partition);
    next.set(partition, cursor.nextOffset);
    batch.nextOffsets.set(partition, cursor.nextOffset);
  }
}

export function plainRecord({ value, ...rest }: FlowRecord): GivenRecord {
  const isPlain = value === null || value === undefined || typeof value === 'string' || Buffer.isBuffer(value);
  return { ...rest, value: isPlain ? value : JSON.stringify(value) };
}

/** A document that tells which one it is, with an id of its own when one is given. */
export function documents(count: number, more: (n: number) => object = () => ({})): FlowRecord[] {
  return Array.from({ length: count }, (_, n) => ({ value: { n, ...more(n) } }));
}

export function statesOf(batch: FlowBatch): ItemState[] {
  return Array.from({ length: batch.count }, (_, item) => batch.state(item));
}

/** Makes every pending item final, as if OpenSearch had taken it. */
export function settleAll(batch: FlowBatch, state: ItemState): FlowBatch {
  for (let item = 0; item < batch.count; item++) {
    if (batch.state(item) === 0) {
      batch.settle(item, state);
    }
  }
  return batch;
}
