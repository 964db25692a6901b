import { Partitioners } from 'kafkajs';
import { keyPartition } from './key-partition.js';

describe('the partition of a key', () => {
  it.each([1, 3, 12])('is the one that other clients choose, of %d', (count) => {
    const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 1 }));
    const keys = ['', 'a', 'ab', 'abc', 'abcd', 'order-4711', 'ümlaut 漢字', 'x'.repeat(300)];
    const oracle = Partitioners.DefaultPartitioner();

    expect(keys.map((key) => keyPartition(Buffer.from(key), count))).toEqual(
      keys.map((key) =>
        oracle({ topic: 't', partitionMetadata: partitionMetadata as never, message: { key, value: '' } }),
      ),
    );
  });

  it('is spread over all partitions', () => {
    const found = new Set(Array.from({ length: 200 }, (_, n) => keyPartition(Buffer.from(`key ${n}`), 5)));

    expect([...found].toSorted()).toEqual([0, 1, 2, 3, 4]);
  });
});
