import type { ProducedRecord } from '../kafka/record-producer.ts';
import { parseExactly } from './exact-json.ts';

export interface Annotations {
  pipelineId: string;
  indexBase: string;
  dataType: string;
  category: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The id of a document whose record brings none. */
export function expectedId(pipelineId: string, record: Omit<ProducedRecord, 'value'>): string {
  return `${pipelineId}[${record.partition}]@${record.offset}-${record.timestamp}`;
}

/** What an input record has to become: its fields, or the text as `message`, and the annotations. */
export function expectedDocument(
  record: ProducedRecord,
  { pipelineId, indexBase, dataType, category }: Annotations,
): Fields {
  const fields = fieldsOf(record.value);
  return {
    ...fields,
    __pipeline_id: pipelineId,
    __index_base: indexBase,
    __data_type: dataType,
    __category: [fields['__category'], fields['category'], category].find(isFilledText),
    __write_time: record.timestamp,
    '@timestamp': timeOf(fields['@timestamp']) ?? record.timestamp,
    __id: expectedId(pipelineId, record),
  };
}

/** The fields of a JSON object; of anything else one, the text. */
export function fieldsOf(value: Buffer): Fields {
  try {
    const parsed = parseExactly(value.toString());
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Fields;
  } catch {
    // no JSON: text
  }
  return { message: value.toString() };
}

/** Epoch ms of a date-time of RFC 3339; an integer as it is; undefined for anything else. */
function timeOf(value: unknown): number | undefined {
  if (Number.isSafeInteger(value)) return value as number;
  const isDateTime =
    typeof value === 'string' && /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(value);
  const time = isDateTime ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

function isFilledText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
