import type { InputRecord } from './input-record.js';

/** The index bases between which a pipeline is changed. */
export interface StampedBases {
  even: string;
  odd: string;
  /** Named by some of the records themselves. */
  named: string;
}

export const REJECTED = 'rejected';
const kinds = 7;
const namesBaseEvery = 5;

/** What a change makes of the pipeline: its handlers write the step into each document, and refuse one kind of record. */
export function changeTo(step: number, bases: StampedBases) {
  return {
    index_base: step % 2 === 0 ? bases.even : bases.odd,
    use_index_base_in_data: takesBasesFromData(step),
    handlers: [
      { type: 'set', field: 'step', value: step },
      { type: 'reject', reason: 'step {step}', when: { field: 'kind', equals: step % kinds } },
    ],
  };
}

/** So many records from number `from` on, spread over the partitions. */
export function stampableRecords(from: number, count: number, partitions: number, bases: StampedBases): InputRecord[] {
  const timestamp = Date.now();
  return Array.from({ length: count }, (_, index) => {
    const n = from + index;
    const named = namesBase(n) ? `,"__index_base":"${bases.named}"` : '';
    const value = Buffer.from(`{"n":${n},"kind":${n % kinds}${named}}`);
    return { partition: n % partitions, key: null, headers: {}, timestamp, value, expected: { outcome: 'skipped' } };
  });
}

/** The base of the document that a step makes of a record, or that it is rejected. */
export function destinationOf(n: number, step: number, bases: StampedBases): string {
  if (n % kinds === step % kinds) {
    return REJECTED;
  }
  return takesBasesFromData(step) && namesBase(n) ? bases.named : changeTo(step, bases).index_base;
}

/** The document of a record after a step, in exact bytes. */
export function stampedDocument(n: number, step: number, base: string, origin: { id: string; timestamp: number }) {
  const own = `"n":${n},"kind":${n % kinds},"step":${step}`;
  const { id, timestamp } = origin;
  const pipelineId = id.slice(0, id.indexOf('['));
  return `{${own},"__pipeline_id":"${pipelineId}","__index_base":"${base}","__data_type":"${base}","__category":"log","__write_time":${timestamp},"@timestamp":${timestamp},"__id":"${id}"}`;
}

function takesBasesFromData(step: number): boolean {
  return step % 3 === 2;
}

function namesBase(n: number): boolean {
  return n % namesBaseEvery === 0;
}
