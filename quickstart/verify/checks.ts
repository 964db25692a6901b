import type { ReadRecord } from '../kafka/committed-records.ts';
import { findDifference, idProblems, summarized } from './differences.ts';
import { expectedErrors, expectedRecords, type Evidence, type ExpectedRecord } from './evidence.ts';
import { fieldsOf } from './expected-document.ts';

export interface Check {
  name: string;
  ok: boolean;
  /** What is wrong; only of a check that failed. */
  detail?: string;
}

/** Checks of one pipeline, from what stands in OpenSearch and in the topics alone. */
export function checkPipeline(evidence: Evidence): Check[] {
  const { pipeline } = evidence;
  const expected = expectedRecords(evidence);
  const named = (name: string, problems: readonly string[]): Check => ({
    name: `${pipeline.id}: ${name}`,
    ...(problems.length === 0 ? { ok: true } : { ok: false, detail: summarized(problems) }),
  });
  return [
    named('its input brought records', evidence.fed.length === 0 ? ['nothing was fed'] : []),
    named('every good record is one document, and nothing else is', documentProblems(evidence, expected)),
    named('every document is its input and the annotations', contentProblems(evidence, expected)),
    named('the output topic holds each document once', outputProblems(evidence, expected)),
    named('the output topic keeps the bytes and the order of the input', orderProblems(evidence, expected)),
    named('the error topic holds exactly the bad records, as they came and with a reason', errorProblems(evidence)),
  ];
}

function documentProblems({ documents }: Evidence, expected: ReadonlyMap<string, ExpectedRecord>): string[] {
  const ids = documents.map(({ id }) => id);
  return idProblems(expected.keys(), ids).map((problem) => `document ${problem}`);
}

function contentProblems({ documents }: Evidence, expected: ReadonlyMap<string, ExpectedRecord>): string[] {
  return documents.flatMap(({ id, source }) => {
    const wanted = expected.get(id)?.document;
    const difference = wanted && findDifference(source, wanted);
    return difference === undefined ? [] : [`document ${id}: ${difference}`];
  });
}

function outputProblems({ output, pipeline }: Evidence, expected: ReadonlyMap<string, ExpectedRecord>): string[] {
  const problems = idProblems(expected.keys(), output.map(idOf)).map((problem) => `record ${problem}`);
  for (const record of output) {
    const wanted = expected.get(idOf(record));
    if (wanted === undefined) continue;
    const difference = findDifference(fieldsOf(valueOf(record)), wanted.document);
    if (difference !== undefined) problems.push(`record ${idOf(record)}: ${difference}`);
    if (record.headers.get('__pipeline_id') !== pipeline.id) problems.push(`record ${idOf(record)} names no pipeline`);
    if (record.timestamp !== wanted.input.timestamp) problems.push(`record ${idOf(record)} has another timestamp`);
  }
  return problems;
}

function orderProblems({ output }: Evidence, expected: ReadonlyMap<string, ExpectedRecord>): string[] {
  const problems: string[] = [];
  const lastOf = new Map<number, { offset: number; partition: number }>();
  for (const record of output) {
    const input = expected.get(idOf(record))?.input;
    if (input === undefined) continue;
    const last = lastOf.get(input.partition) ?? { offset: -1, partition: record.partition };
    if (input.offset <= last.offset || record.partition !== last.partition) {
      problems.push(`record ${idOf(record)} is out of order`);
    }
    if (!keepsBytes(valueOf(record), input.value)) problems.push(`record ${idOf(record)} has lost bytes of its input`);
    lastOf.set(input.partition, { offset: input.offset, partition: record.partition });
  }
  return problems;
}

function errorProblems(evidence: Evidence): string[] {
  const expected = expectedErrors(evidence);
  const problems = idProblems(expected.keys(), evidence.errors.map(placeOf)).map((problem) => `record ${problem}`);
  for (const record of evidence.errors) {
    const { headers } = record;
    const wanted = expected.get(placeOf(record));
    const [code, reason] = [headers.get('__error_code'), headers.get('__error_reason')];
    const place = `record ${placeOf(record)}`;
    if (wanted === undefined) problems.push(`${place} was rejected: ${code ?? '?'}, ${reason ?? 'without a reason'}`);
    else if (!valueOf(record).equals(wanted.value)) problems.push(`${place} is not what came in`);
    else if (code !== wanted.rejection) problems.push(`${place} has the code ${code ?? '?'}, not ${wanted.rejection}`);
    if (reason === undefined || reason === '') problems.push(`${place} has no reason`);
  }
  return problems;
}

/** A JSON object keeps every byte before its closing brace, where the annotations are added. */
function keepsBytes(output: Buffer, input: Buffer): boolean {
  const text = input.toString('latin1').trim();
  const fields = fieldsOf(input);
  const isPlainObject = text.startsWith('{') && !('@timestamp' in fields) && !('__id' in fields);
  return !isPlainObject || output.toString('latin1').trimStart().startsWith(text.slice(0, -1).trimEnd());
}

function idOf(record: ReadRecord): string {
  const id = fieldsOf(valueOf(record))['__id'];
  return typeof id === 'string' ? id : `at ${record.partition}@${record.offset}`;
}

/** Where the record stood in the input topic. */
function placeOf({ headers }: ReadRecord): string {
  return `${headers.get('__source_partition') ?? '?'}@${headers.get('__source_offset') ?? '?'}`;
}

function valueOf(record: ReadRecord): Buffer {
  return record.value ?? Buffer.alloc(0);
}
