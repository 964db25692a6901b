import type { ReadRecord } from './kafka/committed-records.ts';
import type { Options } from './options.ts';
import type { Stage } from './set-up.ts';
import type { Terminal } from './terminal.ts';
import type { Evidence } from './verify/evidence.ts';
import { aliasOf } from './verify/witness.ts';

const maxReasonCharacters = 160;

/** Tells what the pipelines have made, where it can be looked at, and how to stop. */
export function printSummary(terminal: Terminal, stage: Stage, evidence: readonly Evidence[], options: Options): void {
  const sections = [
    section('Documents in OpenSearch', evidence.map(documentLine)),
    section('One of them', sampleLines(evidence)),
    section('Output topics, read_committed', evidence.map(outputLine)),
    section('Rejected records, each in the error topic of its pipeline', evidence.flatMap(rejectionLines)),
    section('Where to look', addressLines(stage)),
    ...(options.once ? [] : [section('Try', commandLines(stage)), section('Stop', ['Ctrl-C ends everything.'])]),
  ];
  sections.flat().forEach((line) => terminal.line(line));
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function documentLine({ pipeline, documents }: Evidence): string {
  return `${aliasOf(pipeline).padEnd(28)} ${String(documents.length).padStart(7)}`;
}

function outputLine({ pipeline, output }: Evidence): string {
  return `${pipeline.outputTopic.padEnd(40)} ${String(output.length).padStart(7)}`;
}

/** The newest document of the first pipeline that has any. */
function sampleLines(evidence: readonly Evidence[]): string[] {
  const newest = evidence
    .find(({ documents }) => documents.length > 0)
    ?.documents.reduce((a, b) => (Number(b.source['__write_time']) > Number(a.source['__write_time']) ? b : a));
  return newest === undefined ? [] : JSON.stringify(newest.source, undefined, 2).split('\n');
}

function rejectionLines({ pipeline, errors }: Evidence): string[] {
  return errors.map((record) => `${pipeline.id} ${placeOf(record)}  ${reasonOf(record)}`);
}

function placeOf({ headers }: ReadRecord): string {
  return `[${headers.get('__source_partition') ?? '?'}]@${headers.get('__source_offset') ?? '?'}`;
}

function reasonOf({ headers }: ReadRecord): string {
  const text = `${headers.get('__error_code') ?? '?'}: ${headers.get('__error_reason') ?? '?'}`.replaceAll(/\s+/g, ' ');
  return text.length > maxReasonCharacters ? `${text.slice(0, maxReasonCharacters)}…` : text;
}

function addressLines({ program, search }: Stage): string[] {
  return [
    `Swagger UI   ${program.url}/docs`,
    `health       ${program.url}/health`,
    `metrics      ${program.url}/metrics`,
    `OpenSearch   ${search.url}`,
    `program log  ${program.logFile}`,
  ];
}

function commandLines({ api, search, pipelines }: Stage): string[] {
  const last = pipelines.at(-1);
  if (last === undefined) return [];
  return [
    `curl -s '${api.url}/pipelines?limit=-1'`,
    `curl -s '${api.url}/pipelines/${last.id}/tasks'`,
    `curl -s '${search.url}/${aliasOf(last)}/_search?q=status:404&size=1&pretty'`,
  ];
}
