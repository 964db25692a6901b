import type { Rejection } from '../../domain/rejection.js';
import { errorHeaders } from './error-headers.js';

const origin = {
  topic: 'default.sdp.p1.input',
  partition: 3,
  offset: 9_007_199_254_740_991,
  timestamp: 1_735_689_600_123,
};

const rejection: Rejection = { code: 'DOCUMENT_ID_INVALID', reason: '__id is null', stage: 'annotate' };
const context = { pipelineId: 'p1', revision: 7, attempts: 1, nowMs: 1_735_689_700_000 };

function build(more: Partial<Rejection> = {}): [string, string][] {
  const headers = errorHeaders(origin, { ...rejection, ...more }, context);
  return headers.map(([name, value]) => [name.toString(), value?.toString() ?? '<null>']);
}

describe('the headers of an error record', () => {
  it('says why and where from, and leaves out what does not apply', () => {
    expect(build()).toEqual([
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
    const headers = build({ status: 400, index: 'mdl-web', documentId: 'ü', indexed: true });
    expect(headers).toEqual(
      expect.arrayContaining([
        ['__error_status', '400'],
        ['__error_index', 'mdl-web'],
        ['__error_document_id', 'ü'],
        ['__error_indexed', 'true'],
      ]),
    );
    expect(build({ indexed: false }).map(([name]) => name)).not.toContain('__error_indexed');
  });

  it('cuts the reason to 2 KB in both places', () => {
    const reasons = build({ reason: '日'.repeat(1000) }).filter(([name]) => /reason|message/.test(name));
    expect(reasons.map(([, reason]) => reason)).toEqual(['日'.repeat(682), '日'.repeat(682)]);
  });
});
