import type { Expected, InputRecord } from '../factories/input-record.js';
import type { PipelineBody } from './api-client.js';

/** Documents by id, forwarded records in the order of each partition, rejected ones by their place in the input topic. */
export interface Outcome {
  documents: Map<string, string>;
  forwarded: string[][];
  rejected: Map<string, string>;
}

type Indexed = Extract<Expected, { outcome: 'indexed' }>;

/**
 * What has to be in OpenSearch, the output topic and the error topic after these records, and nothing else, were written to
 * the empty input topic of the pipeline. Everything is spelled out in texts: a difference of one byte is a difference.
 */
export function expectedOutcome(records: readonly InputRecord[], pipeline: PipelineBody): Outcome {
  const outcome: Outcome = { documents: new Map(), forwarded: [], rejected: new Map() };
  const nextOffsets: number[] = [];
  for (const record of records) {
    const offset = nextOffsets[record.partition] ?? 0;
    nextOffsets[record.partition] = offset + 1;
    add(outcome, record, offset, pipeline);
  }
  return outcome;
}

function add(outcome: Outcome, record: InputRecord, offset: number, pipeline: PipelineBody): void {
  const { expected, partition } = record;
  switch (expected.outcome) {
    case 'indexed': {
      const id = expected.ownId ?? `${pipeline.id}[${partition}]@${offset}-${record.timestamp}`;
      const document = expected.document(annotations(record, expected, id, pipeline));
      // A bulk body is lines; the forwarded record keeps its own.
      outcome.documents.set(id, document.replaceAll(/[\r\n]/g, ' '));
      const recoded: Record<string, string> = expected.isRecoded ? { __message_encoding: 'invalid-utf8' } : {};
      (outcome.forwarded[partition] ??= []).push(
        spellForwarded({
          ...record,
          value: Buffer.from(document),
          headers: { ...record.headers, __pipeline_id: pipeline.id, ...recoded },
        }),
      );
      return;
    }
    case 'rejected':
      outcome.rejected.set(
        `${partition}@${offset}`,
        spellRejected({ ...record, code: expected.code, stage: expected.stage, sourceTimestamp: record.timestamp }),
      );
      return;
    case 'skipped':
  }
}

function annotations(record: InputRecord, expected: Indexed, id: string, pipeline: PipelineBody): string {
  const { index_base: base } = pipeline;
  return [
    `"__pipeline_id":"${pipeline.id}"`,
    `"__index_base":"${base}"`,
    `"__data_type":"${base}"`,
    `"__category":"log"`,
    `"__write_time":${record.timestamp}`,
    `"@timestamp":${expected.timestamp ?? record.timestamp}`,
    `"__id":"${id}"`,
  ].join(',');
}

interface Spelled {
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

export function spellForwarded({ key, value, headers, timestamp }: Spelled & { timestamp: number }): string {
  return `${timestamp} ${text(key)} ${JSON.stringify(sorted(headers))} ${text(value)}`;
}

export function spellRejected({
  key,
  value,
  headers,
  code,
  stage,
  sourceTimestamp,
}: Spelled & { code: string; stage: string; sourceTimestamp: number }): string {
  return `${code} ${stage} ${sourceTimestamp} ${text(key)} ${JSON.stringify(sorted(headers))} ${text(value)}`;
}

/** One character a byte, so that no byte is lost. */
function text(bytes: Buffer | null): string {
  return bytes === null ? 'null' : `<${bytes.toString('latin1')}>`;
}

function sorted(headers: Record<string, string>): [string, string][] {
  return Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
}
