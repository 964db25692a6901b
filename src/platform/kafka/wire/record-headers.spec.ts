import { encodeHeaders, readHeaders, type RecordHeader } from './record-headers.js';
import { varintSize, writeVarint } from './varint.js';

const header = (name: string, value: string | null): RecordHeader => [
  Buffer.from(name),
  value === null ? null : Buffer.from(value),
];

function roundTrip(headers: readonly RecordHeader[]): RecordHeader[] {
  const prefix = 'before';
  const count = Buffer.alloc(varintSize(headers.length));
  writeVarint(count, 0, headers.length);
  const bytes = Buffer.concat([Buffer.from(prefix), count, encodeHeaders(headers)]);
  return readHeaders(bytes, prefix.length);
}

describe('record headers', () => {
  it.each([
    ['none', []],
    ['duplicate names in their order', [header('a', '1'), header('b', ''), header('a', '2')]],
    ['null values and empty names', [header('', null), header('x', null)]],
    [
      'more than one byte of count and length',
      Array.from({ length: 100 }, (_, n) => header(`n${n}`, 'v'.repeat(n * 3))),
    ],
    ['bytes that are no text', [[Buffer.from([0xff, 0x00]), Buffer.from([0xfe])] as const]],
  ])('come back as they were: %s', (_what, headers) => {
    expect(roundTrip(headers)).toEqual(headers);
  });
});
