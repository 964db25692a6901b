import { HeaderCursor } from './header-cursor.js';
import { encodeHeaders, type RecordHeader } from './record-headers.js';
import { writeVarint } from './varint.js';

const header = (name: string, value: string | null): RecordHeader => [
  Buffer.from(name),
  value === null ? null : Buffer.from(value),
];

/** The headers as they stand in a record, with bytes of others around them. */
function walked(headers: readonly RecordHeader[], { count = headers.length, cut = 0 } = {}) {
  const encoded = encodeHeaders(headers);
  const bytes = Buffer.alloc(encoded.length + 20, 0xff);
  const start = 7;
  const first = writeVarint(bytes, start, count);
  encoded.copy(bytes, first);
  const cursor = new HeaderCursor();
  cursor.reset(bytes, start, first + encoded.length - cut);
  const found: (string | null)[][] = [];
  while (cursor.next()) {
    const { nameStart, nameLength, valueStart, valueLength } = cursor;
    found.push([
      bytes.toString('utf8', nameStart, nameStart + nameLength),
      valueLength < 0 ? null : bytes.toString('utf8', valueStart, valueStart + valueLength),
    ]);
  }
  return found;
}

describe('the headers of a record', () => {
  it('come in their order, with duplicates, nulls and empty ones', () => {
    const headers = [header('a', '1'), header('', ''), header('a', null), header('long'.repeat(40), 'x'.repeat(300))];
    expect(walked(headers)).toEqual(headers.map(([name, value]) => [String(name), value && String(value)]));
  });

  it('may be none', () => {
    expect(walked([])).toEqual([]);
  });

  it('end where they do not fit the record', () => {
    expect(walked([header('a', '1'), header('b', '2')], { cut: 1 })).toEqual([['a', '1']]);
    expect(walked([header('a', '1')], { count: 3 })).toEqual([['a', '1']]);
  });
});
