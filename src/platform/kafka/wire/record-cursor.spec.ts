import {
  type Codec,
  controlBatch,
  drain,
  FIRST_TIMESTAMP,
  type GivenRecord,
  recordBatch,
  withChecksum,
} from '../../../../test/factories/record-batches.js';
import { type AbortedTransaction, RecordCursor } from './record-cursor.js';

const limits = { maxDecompressedBytes: 100_000 };

interface From {
  fetchOffset?: number;
  aborted?: AbortedTransaction[];
}

const cursorOver = (batches: Buffer[], { fetchOffset = 0, aborted = [] }: From = {}): RecordCursor =>
  new RecordCursor(Buffer.concat(batches), fetchOffset, aborted, limits);

/** The values that are shown, and where the next fetch starts. */
function read(batches: Buffer[], from: From = {}): { values: (string | null)[]; nextOffset: number } {
  const cursor = cursorOver(batches, from);
  const values = drain(cursor).map(({ value }) => value);
  return { values, nextOffset: cursor.nextOffset };
}

const values = (...list: string[]): GivenRecord[] => list.map((value) => ({ value }));
const transactional = (baseOffset: number, producerId: bigint, ...list: string[]): Buffer =>
  recordBatch({ baseOffset, producerId, isTransactional: true, records: values(...list) });

describe('records of a fetched partition', () => {
  it('come with offset, timestamp, key, value and headers', () => {
    const records: GivenRecord[] = [
      {
        key: 'k',
        value: 'ünï',
        headers: [
          ['a', '1'],
          ['a', null],
        ],
        timestamp: FIRST_TIMESTAMP,
      },
      { key: '', value: '', timestamp: FIRST_TIMESTAMP - 5 },
      { key: null, value: null, timestamp: FIRST_TIMESTAMP + 86_400_000 },
    ];
    const cursor = cursorOver([recordBatch({ baseOffset: 2 ** 40, records })], { fetchOffset: 2 ** 40 });
    expect(drain(cursor)).toEqual([
      {
        offset: 2 ** 40,
        timestamp: FIRST_TIMESTAMP,
        key: 'k',
        value: 'ünï',
        headers: [
          ['a', '1'],
          ['a', null],
        ],
      },
      { offset: 2 ** 40 + 1, timestamp: FIRST_TIMESTAMP - 5, key: '', value: '', headers: [] },
      { offset: 2 ** 40 + 2, timestamp: FIRST_TIMESTAMP + 86_400_000, key: null, value: null, headers: [] },
    ]);
    expect(cursor.nextOffset).toBe(2 ** 40 + 3);
  });

  it('say after each record where a fetch would go on', () => {
    const cursor = cursorOver([recordBatch({ baseOffset: 5, records: values('a', 'b'), lastOffsetDelta: 4 })], {
      fetchOffset: 5,
    });
    expect([cursor.nextOffset, cursor.next(), cursor.nextOffset]).toEqual([5, true, 6]);
    expect([cursor.next(), cursor.nextOffset]).toEqual([true, 10]);
    expect([cursor.next(), cursor.nextOffset]).toEqual([false, 10]);
  });

  it('are none in an empty answer, which starts the next fetch where this one did', () => {
    expect(read([], { fetchOffset: 7 })).toEqual({ values: [], nextOffset: 7 });
  });

  it('before the offset that was asked for are passed over: a broker sends whole batches', () => {
    const batch = recordBatch({ baseOffset: 10, records: values('a', 'b', 'c') });
    expect(read([batch], { fetchOffset: 11 })).toEqual({ values: ['b', 'c'], nextOffset: 13 });
    expect(read([batch], { fetchOffset: 12 })).toEqual({ values: ['c'], nextOffset: 13 });
  });

  it('keep their offsets when compaction left holes between, before and behind them', () => {
    const records = [
      { value: 'a', offsetDelta: 2 },
      { value: 'b', offsetDelta: 5 },
    ];
    const cursor = cursorOver([recordBatch({ baseOffset: 100, records, lastOffsetDelta: 9 })], { fetchOffset: 100 });
    expect(drain(cursor).map(({ offset }) => offset)).toEqual([102, 105]);
    expect(cursor.nextOffset).toBe(110);
  });

  it('may all be gone from a compacted batch: its offsets are passed all the same', () => {
    const empty = recordBatch({ baseOffset: 3, lastOffsetDelta: 6 });
    expect(read([empty], { fetchOffset: 3 })).toEqual({ values: [], nextOffset: 10 });
    expect(read([empty, recordBatch({ baseOffset: 10, records: values('a') })])).toEqual({
      values: ['a'],
      nextOffset: 11,
    });
  });

  it('of a last batch that the broker cut come with the next fetch', () => {
    const first = recordBatch({ records: values('a', 'b') });
    const second = recordBatch({ baseOffset: 2, records: values('c', 'd') });
    for (const length of [1, 11, 12, 60, 61, second.length - 1]) {
      expect(read([first, second.subarray(0, length)])).toEqual({ values: ['a', 'b'], nextOffset: 2 });
    }
  });

  it("have the broker's time when the topic says so", () => {
    const appendTime = FIRST_TIMESTAMP + 1_000_000;
    const batch = recordBatch({
      appendTime,
      records: [
        { value: 'a', timestamp: 17 },
        { value: 'b', timestamp: 18 },
      ],
    });
    const next = recordBatch({ baseOffset: 2, records: [{ value: 'c', timestamp: 19 }] });
    expect(drain(cursorOver([batch, next])).map(({ timestamp }) => timestamp)).toEqual([appendTime, appendTime, 19]);
  });
});

describe('transactions, to a reader of committed records', () => {
  it('that were committed are shown, their markers are not', () => {
    expect(read([transactional(0, 1n, 'a', 'b'), controlBatch(2, 1n, 'commit')])).toEqual({
      values: ['a', 'b'],
      nextOffset: 3,
    });
  });

  it('that were aborted are hidden up to their marker; the same producer goes on behind it', () => {
    const batches = [
      transactional(0, 1n, 'no'),
      transactional(1, 1n, 'no'),
      controlBatch(2, 1n, 'abort'),
      transactional(3, 1n, 'yes'),
      controlBatch(4, 1n, 'commit'),
    ];
    expect(read(batches, { aborted: [{ producerId: 1n, firstOffset: 0 }] })).toEqual({
      values: ['yes'],
      nextOffset: 5,
    });
  });

  it('of several producers are told apart, whatever the order of the list', () => {
    const batches = [
      transactional(0, 1n, 'yes 1'),
      transactional(1, 2n, 'no 2'),
      recordBatch({ baseOffset: 2, records: values('plain') }),
      transactional(3, 1n, 'yes 1'),
      controlBatch(4, 1n, 'commit'),
      transactional(5, 1n, 'no 1'),
      transactional(6, 2n, 'no 2'),
      controlBatch(7, 2n, 'abort'),
      transactional(8, 2n, 'yes 2'),
      controlBatch(9, 1n, 'abort'),
      controlBatch(10, 2n, 'commit'),
    ];
    const aborted = [
      { producerId: 1n, firstOffset: 5 },
      { producerId: 2n, firstOffset: 1 },
    ];
    expect(read(batches, { aborted })).toEqual({ values: ['yes 1', 'plain', 'yes 1', 'yes 2'], nextOffset: 11 });
    expect(read(batches, { aborted: aborted.toReversed() }).values).toEqual(['yes 1', 'plain', 'yes 1', 'yes 2']);
  });

  it('that were aborted twice in a row by one producer are both hidden', () => {
    const batches = [
      transactional(0, 1n, 'no'),
      controlBatch(1, 1n, 'abort'),
      transactional(2, 1n, 'no'),
      controlBatch(3, 1n, 'abort'),
      transactional(4, 1n, 'yes'),
    ];
    const aborted = [
      { producerId: 1n, firstOffset: 0 },
      { producerId: 1n, firstOffset: 2 },
    ];
    expect(read(batches, { aborted })).toEqual({ values: ['yes'], nextOffset: 5 });
  });

  it('that began before the fetch, or within a batch of it, are hidden too', () => {
    const batches = [transactional(10, 1n, 'no', 'no'), controlBatch(12, 1n, 'abort'), transactional(13, 2n, 'yes')];
    expect(read(batches, { fetchOffset: 11, aborted: [{ producerId: 1n, firstOffset: 4 }] }).values).toEqual(['yes']);
    expect(read(batches, { fetchOffset: 10, aborted: [{ producerId: 1n, firstOffset: 11 }] }).values).toEqual(['yes']);
  });

  it('hide nothing of what the producer wrote outside of transactions', () => {
    const plain = recordBatch({ baseOffset: 1, producerId: 1n, records: values('plain') });
    const batches = [transactional(0, 1n, 'no'), plain, controlBatch(2, 1n, 'abort')];
    expect(read(batches, { aborted: [{ producerId: 1n, firstOffset: 0 }] }).values).toEqual(['plain']);
  });

  it('end a fetch behind a hidden batch, so that it is not read again', () => {
    const aborted = [{ producerId: 1n, firstOffset: 0 }];
    expect(read([transactional(0, 1n, 'no', 'no')], { aborted })).toEqual({ values: [], nextOffset: 2 });
    expect(read([controlBatch(0, 1n, 'commit')])).toEqual({ values: [], nextOffset: 1 });
  });

  it('leave other control batches out as well', () => {
    const control = recordBatch({ isControl: true, records: [{ key: Buffer.from([0, 0, 0, 2]), value: 'leader' }] });
    expect(read([control, recordBatch({ baseOffset: 1, records: values('a') })])).toEqual({
      values: ['a'],
      nextOffset: 2,
    });
  });
});

describe('compressed batches', () => {
  const records: GivenRecord[] = Array.from({ length: 50 }, (_, n) => ({
    key: n % 2 ? `k${n}` : null,
    value: `value ${n} `.repeat(20),
    headers: [['h', String(n)]],
    timestamp: FIRST_TIMESTAMP + n,
  }));
  const expected = drain(cursorOver([recordBatch({ records })]));

  it.each<Codec>(['gzip', 'snappy', 'lz4', 'zstd'])('are read: %s', (codec) => {
    expect(drain(cursorOver([recordBatch({ records, codec })]))).toEqual(expected);
  });

  it('may be mixed with others, and keep the bytes of the record apart from the fetched ones', () => {
    const plain = recordBatch({ records: values('plain') });
    const packed = recordBatch({ baseOffset: 1, records: values('packed'), codec: 'gzip' });
    const behind = recordBatch({ baseOffset: 2, records: values('behind') });
    expect(read([plain, packed, behind]).values).toEqual(['plain', 'packed', 'behind']);
  });

  it.each<Codec>(['gzip', 'snappy', 'lz4', 'zstd'])(
    'above the ceiling are refused, not held in memory: %s',
    (codec) => {
      const bomb = recordBatch({ baseOffset: 4, records: values('x'.repeat(limits.maxDecompressedBytes)), codec });
      expect(bomb.length).toBeLessThan(limits.maxDecompressedBytes / 10);
      expect(() => drain(cursorOver([bomb]))).toThrow(
        expect.objectContaining({
          code: 'RECORD_BATCH_TOO_LARGE',
          kind: 'fatal',
          message: expect.stringContaining('4'),
        }),
      );
    },
  );

  it.each([1, 2, 3, 4])('that do not hold what their codec says are refused: codec %i', (codec) => {
    const batch = recordBatch({ baseOffset: 4, records: values('no compressed bytes at all') });
    batch.writeInt16BE(codec, 21);
    expect(() => drain(cursorOver([withChecksum(batch)]))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_MESSAGE', kind: 'fatal' }),
    );
  });

  it('of a codec that nobody knows are refused', () => {
    const batch = recordBatch({ records: values('a') });
    batch.writeInt16BE(7, 21);
    expect(() => drain(cursorOver([withChecksum(batch)]))).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_COMPRESSION_TYPE', kind: 'fatal' }),
    );
  });
});

describe('bytes that cannot be trusted', () => {
  it('are refused wherever the checksum covers them, after the records before them were shown', () => {
    const first = recordBatch({ records: values('a') });
    const second = recordBatch({ baseOffset: 1, records: values('b', 'c') });
    for (let at = 17; at < second.length; at++) {
      const broken = Buffer.from(second);
      broken[at] = broken[at]! ^ 1;
      const cursor = cursorOver([first, broken]);
      expect([cursor.next(), cursor.value()?.toString()]).toEqual([true, 'a']);
      expect(() => cursor.next()).toThrow(expect.objectContaining({ code: 'CORRUPT_MESSAGE', kind: 'transient' }));
      expect(cursor.nextOffset).toBe(1);
    }
  });

  it('of an older record format are refused by name', () => {
    const batch = recordBatch({ records: values('a') });
    batch[16] = 1;
    expect(() => drain(cursorOver([batch]))).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_RECORD_FORMAT', kind: 'fatal' }),
    );
  });
});
