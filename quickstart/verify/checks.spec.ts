import type { FedRecord } from '../feeds/feed.ts';
import type { ReadRecord } from '../kafka/committed-records.ts';
import { checkPipeline } from './checks.ts';
import type { Evidence } from './evidence.ts';
import { expectedDocument, expectedId } from './expected-document.ts';

const pipeline = {
  ...({ kind: 'kafka-log', id: 'p', name: 'P', comment: '', indexBase: 'b' } as const),
  ...{ inputTopic: 'p.input', outputTopic: 'b.output', errorTopic: 'p.error' },
};
const annotations = { pipelineId: 'p', indexBase: 'b', dataType: 'b', category: 'log' };

function fed(offset: number, text: string, rejection?: string): FedRecord {
  return { partition: 1, offset, timestamp: 1000 + offset, value: Buffer.from(text), rejection };
}

function forwarded(record: FedRecord): ReadRecord {
  const document = expectedDocument(record, annotations);
  const headers = new Map([['__pipeline_id', 'p']]);
  return { ...record, key: null, value: Buffer.from(JSON.stringify(document)), headers };
}

function rejected(record: FedRecord): ReadRecord {
  const headers = new Map([
    ['__error_code', record.rejection ?? 'DOCUMENT_REJECTED'],
    ['__error_reason', 'for a reason'],
    ['__source_partition', String(record.partition)],
    ['__source_offset', String(record.offset)],
  ]);
  return { ...record, key: null, headers };
}

const good = [fed(0, 'text'), fed(1, '{"a":1}'), fed(3, '{"a":2}')];
const bad = fed(2, '{"a":{}}', 'DOCUMENT_REJECTED');

function right(): Evidence {
  return {
    ...{ pipeline, dataType: 'b', category: 'log', fed: [...good, bad] },
    documents: good.map((record) => ({
      ...{ index: 'mdl-b-000001', id: expectedId('p', record), source: expectedDocument(record, annotations) },
    })),
    output: good.map(forwarded),
    errors: [rejected(bad)],
  };
}

/** Names and details of the checks that fail. */
function failures(changes: Partial<Evidence>): string[] {
  return checkPipeline({ ...right(), ...changes })
    .filter(({ ok }) => !ok)
    .map(({ name, detail }) => `${name}: ${detail}`);
}

describe('checkPipeline', () => {
  it('is content when everything is where it belongs', () => {
    expect(failures({})).toEqual([]);
  });

  it('names a document that is missing', () => {
    expect(failures({ documents: right().documents.slice(1) })).toEqual([
      'p: every good record is one document, and nothing else is: document p[1]@0-1000 is missing',
    ]);
  });

  it('names a document that nobody sent', () => {
    const stranger = { index: 'i', id: 'x', source: {} };
    expect(failures({ documents: [...right().documents, stranger] })).toEqual([
      expect.stringContaining('document x is there without being expected'),
    ]);
  });

  it('names a changed document and the field', () => {
    const [first, ...others] = right().documents;
    const changed = { ...first!, source: { ...first!.source, message: 'changed' } };
    expect(failures({ documents: [changed, ...others] })).toEqual([
      'p: every document is its input and the annotations: document p[1]@0-1000: message is "changed", not "text"',
    ]);
  });

  it('notices a record that was forwarded twice', () => {
    const { output } = right();
    expect(failures({ output: [...output, output[2]!] })).toEqual([
      expect.stringContaining('record p[1]@3-1003 is there 2 times'),
      expect.stringContaining('record p[1]@3-1003 is out of order'),
    ]);
  });

  it('notices records that have changed their order', () => {
    expect(failures({ output: right().output.toReversed() })).toEqual([
      expect.stringContaining('p[1]@1-1001 is out of order; record p[1]@0-1000 is out of order'),
    ]);
  });

  it('notices that bytes were written anew', () => {
    const spaced = fed(1, '{"a": 1}');
    expect(failures({ fed: [good[0]!, spaced, good[2]!, bad] })).toEqual([
      expect.stringContaining('record p[1]@1-1001 has lost bytes of its input'),
    ]);
  });

  it('notices a bad record that is nowhere', () => {
    expect(failures({ errors: [] })).toEqual([expect.stringContaining('record 1@2 is missing')]);
  });

  it.each([
    ['other bytes', { value: Buffer.from('{}') }, 'is not what came in'],
    ['another code', { headers: new Map(rejected(bad).headers).set('__error_code', 'OTHER') }, 'has the code OTHER'],
    ['no reason', { headers: new Map(rejected(bad).headers).set('__error_reason', '') }, 'has no reason'],
  ])('notices an error record with %s', (_, changes, problem) => {
    expect(failures({ errors: [{ ...rejected(bad), ...changes }] })).toEqual([expect.stringContaining(problem)]);
  });

  it('tells why a good record was rejected', () => {
    const { documents, output, errors } = right();
    const changes = { documents: documents.slice(1), output: output.slice(1) };
    expect(failures({ ...changes, errors: [...errors, rejected(good[0]!)] }).at(-1)).toContain(
      'record 1@0 was rejected: DOCUMENT_REJECTED, for a reason',
    );
  });

  it('does not take a pipeline without input for a success', () => {
    expect(failures({ fed: [], documents: [], output: [], errors: [] })).toEqual([
      'p: its input brought records: nothing was fed',
    ]);
  });
});
