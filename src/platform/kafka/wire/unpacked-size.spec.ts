import { compressionsAlgorithms } from '@platformatic/kafka';
import { lz4MaxSize, snappySize } from './unpacked-size.js';

const sizes = [0, 1, 100, 65_536, 65_537, 3_000_000];

describe('the size that bytes unpack to', () => {
  it.each(sizes)('is told by snappy itself: %d', (size) => {
    const packed = compressionsAlgorithms.snappy.compressSync(Buffer.alloc(size, 'x'));
    expect(snappySize(packed)).toBe(size);
  });

  it('is the sum of the frames that Java writes', () => {
    const block = compressionsAlgorithms.snappy.compressSync(Buffer.alloc(1000, 'x'));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(snappySize(Buffer.concat([header, length, block, length, block]))).toBe(2000);
  });

  it.each(sizes)('is at most what an LZ4 frame can hold: %d', (size) => {
    const packed = compressionsAlgorithms.lz4.compressSync(Buffer.alloc(size, 'x'));
    expect(lz4MaxSize(packed)).toBeGreaterThanOrEqual(size);
    expect(lz4MaxSize(packed)).toBeLessThanOrEqual(size + 4_194_304);
  });

  it('of bytes that are nothing of the kind is a number, not a fault', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(3, 0xff), Buffer.alloc(50, 0xff)]) {
      expect(snappySize(bytes)).toBeGreaterThanOrEqual(0);
      expect(lz4MaxSize(bytes)).toBeGreaterThanOrEqual(0);
    }
  });
});
