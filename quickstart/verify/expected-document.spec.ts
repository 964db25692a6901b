import { expectedDocument } from './expected-document.ts';

const base = { pipelineId: 'p', indexBase: 'b', dataType: 'b', category: 'log' };
const added = {
  ...{ __pipeline_id: 'p', __index_base: 'b', __data_type: 'b', __category: 'log' },
  ...{ __write_time: 1000, '@timestamp': 1000, __id: 'p[2]@7-1000' },
};

function document(text: string | Buffer) {
  return expectedDocument({ partition: 2, offset: 7, timestamp: 1000, value: Buffer.from(text) }, base);
}

describe('expectedDocument', () => {
  it('is the fields of an object and the annotations', () => {
    expect(document('{"a":{"b":[1]},"c":null}')).toEqual({ a: { b: [1] }, c: null, ...added });
  });

  it.each(['a line', '', '[1,2]', '"text"', '42', 'null', '{"cut":'])('is a message for %j', (text) => {
    expect(document(text)).toEqual({ message: text, ...added });
  });

  it('decodes what is no UTF-8 with replacement characters', () => {
    expect(document(Buffer.from([0x61, 0xff]))).toEqual({ message: 'a\ufffd', ...added });
  });

  it.each([
    ['"2026-11-21T12:15:05.672+01:00"', Date.UTC(2026, 10, 21, 11, 15, 5, 672)],
    ['1234567890123', 1234567890123],
    ['"yesterday"', 1000],
    ['null', 1000],
  ])('takes the time of an @timestamp %s', (value, time) => {
    expect(document(`{"@timestamp":${value}}`)).toEqual({ ...added, '@timestamp': time });
  });

  it('takes the category of the record when it has one', () => {
    expect(document('{"category":"audit"}')).toEqual({ ...added, category: 'audit', __category: 'audit' });
    expect(document('{"category":""}')).toEqual({ ...added, category: '' });
  });

  it('tells numbers apart by their spelling', () => {
    expect(document('{"n":9007199254740993}')).not.toEqual(document('{"n":9007199254740992}'));
    expect(document('{"n":1.0}')).not.toEqual(document('{"n":1}'));
  });
});
