import type { Annotator } from '../../src/document/annotate/annotator.js';
import type { BaseDirectory } from '../../src/document/base-directory.js';
import type { DocumentBuilder } from '../../src/document/document-builder.js';
import type { EnsureJson } from '../../src/document/ensure/ensure-json.js';
import type { JsonScanner } from '../../src/document/ensure/json-scanner.js';
import type { pipelineChain } from '../../src/document/pipeline-chain.js';
import type { HandlerConfig } from '../../src/domain/pipeline.js';
import { MeasuredBatch } from './measured-batch.ts';

/** Makes the document of a record; a promise only when a handler waits. */
export type Way = (record: Buffer, item: number) => Promise<void> | undefined;

interface Built {
  Annotator: typeof Annotator;
  BaseDirectory: typeof BaseDirectory;
  DocumentBuilder: typeof DocumentBuilder;
  EnsureJson: typeof EnsureJson;
  JsonScanner: typeof JsonScanner;
  pipelineChain: typeof pipelineChain;
}

const MAX_RECORD_BYTES = 20 * 1024 * 1024;
const TIME = 1_735_689_600_000;
const PARTS = [
  'annotate/annotator',
  'base-directory',
  'document-builder',
  'ensure/ensure-json',
  'ensure/json-scanner',
  'pipeline-chain',
];
const base = {
  ...{ baseType: 'bench', name: 'Bench', dataType: 'otel', category: 'log' },
  ...{ outputTopic: 'default.mdl.process.bench', isOwn: true },
};
const built = Object.assign(
  {},
  ...(await Promise.all(
    PARTS.map(
      (part) => import(new URL(`../../dist/document/${part}.js`, import.meta.url).href) as Promise<Partial<Built>>,
    ),
  )),
) as Built;

/** As tasks do it. */
export function documentBuilder(handlers: HandlerConfig[]): Way {
  const batch = new MeasuredBatch(TIME);
  const pipeline = { handlers, useIndexBaseInData: false };
  const chain = built.pipelineChain(pipeline, { handlerSecrets: {}, maxRecordBytes: MAX_RECORD_BYTES });
  const builder = new built.DocumentBuilder(chain, directory(), {
    pipelineId: 'bench',
    namesBases: false,
    documentVersion: 'none',
    tombstones: 'skip',
    maxRecordBytes: MAX_RECORD_BYTES,
  });
  return (record, item) => builder.build(batch, item, record, 0);
}

/** What DocumentBuilder did before there were handlers: ensure JSON, find the base, annotate. */
export function directWay(): Way {
  const batch = new MeasuredBatch(TIME);
  const scanner = new built.JsonScanner();
  const ensureJson = new built.EnsureJson(scanner, MAX_RECORD_BYTES);
  const annotator = new built.Annotator({ pipelineId: 'bench', useIndexBaseInData: false, documentVersion: 'none' });
  const bases = directory();
  return (record, item) => {
    if (ensureJson.ensure(record, 0) !== 'kept' || ensureJson.invalidUtf8) {
      throw new Error('a record of the bench is no JSON object');
    }
    const resolved = bases.resolve(annotator.prepare(ensureJson.bytes, scanner));
    if (resolved instanceof Promise || 'rejection' in resolved) {
      throw new Error('the base of the bench is not known');
    }
    batch.reserve(annotator.maxEncodedBytes(ensureJson.bytes.length, resolved.base));
    const lineStart = batch.bodyLength;
    batch.bodyLength = annotator.encode(batch.origin(item), resolved.base, batch.body, lineStart);
    const { encoded } = annotator;
    if (encoded.rejection || encoded.hasOwnId || encoded.outputBytes) {
      throw new Error('a record of the bench is not like the others');
    }
    batch.setDocument();
    return undefined;
  };
}

function directory(): BaseDirectory {
  const options = { maxBases: 1, unknownForMs: 30_000 };
  return new built.BaseDirectory(
    base,
    () => Promise.resolve(undefined),
    options,
    () => performance.now(),
  );
}
