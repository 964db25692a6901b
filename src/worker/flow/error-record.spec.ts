import type { Rejection } from '../../domain/rejection.js';
import {
  buildErrorRecord,
  cutText,
  type ErrorRecord,
  MAX_TRUNCATED_BYTES,
  type RecordHeader,
  type SourceRecord,
  truncateErrorRecord,
} from './error-record.js';

const text = (value: string): Buffer => Buffer.from(value);

function sourceOf(given: Partial<SourceRecord> = {}): SourceRecord {
  return {
    topic: 'default.sdp.p1.input',
    partition: 3,
    offset: 9_007_199_254_740_991,
    timestamp: 1_735_689_600_123,
    key: text('k'),
    value: Buffer.from([0xff, 0x00]),
    headers: [],
    ...given,
  };
}

const rejection: Rejection = { code: 'DOCUMENT_ID_INVALID', reason: '__id is null', stage: 'annotate' };
const context = { pipelineId: 'p1', revision: 7, attempts: 1, nowMs: 1_735_689_700_000 };

function headersOf(record: ErrorRecord): [string, string][] {
  return [...record.headers].map(([name, value]) => [name.toString(), value?.toString() ?? '<null>']);
}

const build = (source: Partial<SourceRecord> = {}, more: Partial<Rejection> = {}): ErrorRecord =>
  buildErrorRecord(sourceOf(source), { ...rejection, ...more }, context);

describe('buildErrorRecord', () => {
  it('keeps the original bytes and takes the time of the error', () => {
    const source = sourceOf();
    const record = buildErrorRecord(source, rejection, context);
    expect(record.key).toBe(source.key);
    expect(record.value).toBe(source.value);
    expect(record.timestamp).toBe(1_735_689_700_000);
    expect(build({ key: null, value: null })).toMatchObject({ key: null, value: null });
  });

  it('says why and where from, and leaves out what does not apply', () => {
    expect(headersOf(build())).toEqual([
      ['__pipeline_id', 'p1'],
      ['__error_code', 'DOCUMENT_ID_INVALID'],
      ['__error_reason', '__id is null'],
      ['__error_stage', 'annotate'],
      ['__error_attempts', '1'],
      ['__error_time', '1735689700000'],
      ['__error_revision', '7'],
      ['__source_topic', 'default.sdp.p1.input'],
      ['__source_partition', '3'],
      ['__source_offset', '9007199254740991'],
      ['__source_timestamp', '1735689600123'],
      ['__connect.errors.topic', 'default.sdp.p1.input'],
      ['__connect.errors.partition', '3'],
      ['__connect.errors.offset', '9007199254740991'],
      ['__connect.errors.exception.message', '__id is null'],
    ]);
  });

  it('adds what OpenSearch and the forwarding had to say', () => {
    const record = build({}, { status: 400, index: 'mdl-web', documentId: 'ü', indexed: true });
    expect(headersOf(record)).toEqual(
      expect.arrayContaining([
        ['__error_status', '400'],
        ['__error_index', 'mdl-web'],
        ['__error_document_id', 'ü'],
        ['__error_indexed', 'true'],
      ]),
    );
    expect(headersOf(build({}, { indexed: false })).map(([name]) => name)).not.toContain('__error_indexed');
  });

  it('keeps the original headers first, duplicates and null values included', () => {
    const headers: RecordHeader[] = [
      [text('h'), text('1')],
      [text('h'), null],
      [text('__error_code'), text('OLD')],
    ];
    expect(headersOf(build({ headers })).slice(0, 4)).toEqual([
      ['h', '1'],
      ['h', '<null>'],
      ['__error_code', 'OLD'],
      ['__pipeline_id', 'p1'],
    ]);
  });

  it('cuts the reason to 2 KB in both places', () => {
    const record = build({}, { reason: '日'.repeat(1000) });
    const reasons = headersOf(record).filter(([name]) => /reason|message/.test(name));
    expect(reasons.map(([, reason]) => reason)).toEqual(['日'.repeat(682), '日'.repeat(682)]);
  });
});

describe('truncateErrorRecord', () => {
  it('cuts the value to 1 MiB and says how long it was', () => {
    const value = Buffer.alloc(MAX_TRUNCATED_BYTES + 5, 'x');
    const record = truncateErrorRecord(build({ value }));
    expect(record.value).toHaveLength(1_048_576);
    expect(headersOf(record).at(-1)).toEqual(['__error_truncated', '1048581']);
    expect(headersOf(record)).toHaveLength(headersOf(build()).length + 1);
    expect(record.key).toEqual(text('k'));
  });

  it('leaves a shorter value, and none, as they are', () => {
    expect(truncateErrorRecord(build()).value).toEqual(Buffer.from([0xff, 0x00]));
    expect(truncateErrorRecord(build({ value: null })).value).toBeNull();
  });
});

describe('cutText', () => {
  it.each([
    ['', 4, ''],
    ['abcd', 4, 'abcd'],
    ['abcde', 4, 'abcd'],
    ['aé', 3, 'aé'],
    ['abcé', 4, 'abc'],
    ['日本', 5, '日'],
    ['a😀', 4, 'a'],
    ['a😀', 5, 'a😀'],
    ['abc😀😀', 4, 'abc'],
    ['日', 2, ''],
  ])('%s to %d bytes is "%s"', (whole, maxBytes, cut) => {
    expect(cutText(whole, maxBytes)).toBe(cut);
  });
});
