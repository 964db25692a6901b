import { VarintReader, varintSize, writeVarint } from './varint.js';

describe('variable-length integers', () => {
  it.each([
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [63, '7e'],
    [-64, '7f'],
    [64, '8001'],
    [-65, '8101'],
    [300, 'd804'],
    [2 ** 31 - 1, 'feffffff0f'],
    [-(2 ** 31), 'ffffffff0f'],
    [2 ** 31, '8080808010'],
  ])('%i is spelled as Kafka does: %s', (value, hex) => {
    const out = Buffer.alloc(10);
    const end = writeVarint(out, 0, value);
    expect(out.toString('hex', 0, end)).toBe(hex);
    expect(varintSize(value)).toBe(end);
    const reader = new VarintReader(out);
    expect(reader.read()).toBe(value);
    expect(reader.position).toBe(end);
  });

  it.each(['', '80', 'ffff'])('refuses to read past the end of the bytes: %j', (hex) => {
    expect(() => new VarintReader(Buffer.from(hex, 'hex')).read()).toThrow(RangeError);
  });
});
