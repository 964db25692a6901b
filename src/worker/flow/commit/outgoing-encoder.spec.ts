import {
  flowBatch,
  type FlowBatchOptions,
  type FlowRecord,
  PIPELINE_ID,
  settleAll,
} from '../../../../test/factories/flow-batches.js';
import { drain, FIRST_TIMESTAMP, type ReadRecord } from '../../../../test/factories/record-batches.js';
import { RecordCursor } from '../../../platform/kafka/wire/record-cursor.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { ItemState } from '../batch/item-state.js';
import { ErrorRecordWriter } from '../error-record-writer.js';
import { OutgoingEncoder } from './outgoing-encoder.js';

const { Indexed, Superseded, Rejected, Dropped } = ItemState;
const NOW_MS = 1_735_700_000_000;
const ERROR = 'default.sdp.p1.error';
const OUTPUT = 'default.mdl.process.web';
const limits = { maxBatchBytes: 900_000, maxRecordsOf: () => Infinity };
const rejection = { code: 'DOCUMENT_REJECTED', reason: 'no', stage: 'index' } as const;

function encoder(counts: Record<string, number> = {}): OutgoingEncoder {
  const errors = new ErrorRecordWriter({ pipelineId: PIPELINE_ID, sourceTopic: 'default.sdp.p1.input', revision: 7 });
  return new OutgoingEncoder(PIPELINE_ID, errors, { error: ERROR, partitionCount: (topic) => counts[topic] ?? 1 });
}

/** `topic/partition` → records. */
function produced(group: FlowBatch[], counts?: Record<string, number>): Record<string, ReadRecord[]> {
  const outgoing = encoder(counts).encode(group, limits, NOW_MS);
  return Object.fromEntries(
    outgoing
      .partitions()
      .map(({ topic, partition, writers }) => [
        `${topic}/${partition}`,
        writers.flatMap((writer) =>
          drain(new RecordCursor(writer.finish({ id: 1n, epoch: 0 }, 0, true), 0, [], { maxDecompressedBytes: 0 })),
        ),
      ]),
  );
}

const indexed = async (records: FlowRecord[], options?: FlowBatchOptions) =>
  settleAll(await flowBatch(records, options), Indexed);

describe('a record that is indexed', () => {
  it('is forwarded as it was annotated, with its key, timestamp and headers', async () => {
    const timestamp = FIRST_TIMESTAMP - 1_000_000;
    const batch = await indexed([
      {
        value: '{\n"n":1.10}',
        key: 'k',
        timestamp,
        headers: [
          ['a', '1'],
          ['a', null],
        ],
      },
      { value: '{}', key: null, timestamp: timestamp + 1 },
    ]);
    expect(produced([batch])[`${OUTPUT}/0`]).toEqual([
      {
        offset: 0,
        timestamp,
        key: 'k',
        value: expect.stringMatching(/^\{\n"n":1\.10,"__pipeline_id":"p1",.*\}$/),
        headers: [
          ['a', '1'],
          ['a', null],
          ['__pipeline_id', PIPELINE_ID],
        ],
      },
      {
        offset: 1,
        timestamp: timestamp + 1,
        key: null,
        value: batch.document(1).toString(),
        headers: [['__pipeline_id', PIPELINE_ID]],
      },
    ]);
  });

  it('says in a header when its text was no UTF-8', async () => {
    const batch = await indexed([{ value: Buffer.from([0xff]), headers: [['a', '1']] }, { value: 'text' }]);
    const headers = produced([batch])[`${OUTPUT}/0`]?.map((record) => record.headers);
    expect(headers).toEqual([
      [
        ['a', '1'],
        ['__pipeline_id', PIPELINE_ID],
        ['__message_encoding', 'invalid-utf8'],
      ],
      [['__pipeline_id', PIPELINE_ID]],
    ]);
  });

  it('goes to the input partition modulo the partitions of the output topic, in order', async () => {
    const records = [0, 1, 2, 3, 4, 5, 3, 0].map((partition, n) => ({ value: '{}', key: String(n), partition }));
    const batches = [await indexed(records.slice(0, 3)), await indexed(records.slice(3))];
    const keys = Object.entries(produced(batches, { [OUTPUT]: 3 })).map(([at, list]) => [
      at,
      list.map(({ key }) => key),
    ]);
    expect(Object.fromEntries(keys)).toEqual({
      [`${OUTPUT}/0`]: ['0', '3', '6', '7'],
      [`${OUTPUT}/1`]: ['1', '4'],
      [`${OUTPUT}/2`]: ['2', '5'],
    });
  });

  it('goes to the output topic of the base that it was written to', async () => {
    const batch = await indexed([{ value: { __index_base: 'other' } }, { value: {} }], { foreignBases: ['other'] });
    expect(Object.keys(produced([batch])).sort()).toEqual(['default.mdl.process.other/0', `${OUTPUT}/0`]);
    expect(encoder().topicsOf([batch]).sort()).toEqual(['default.mdl.process.other', OUTPUT, ERROR].sort());
  });

  it('is forwarded all the same when a newer one superseded it', async () => {
    const batch = settleAll(await flowBatch([{ value: '{}' }]), Superseded);
    expect(produced([batch])[`${OUTPUT}/0`]).toHaveLength(1);
  });
});

describe('a record that is rejected', () => {
  it('goes to the error topic with its original bytes and headers, at the time of the error', async () => {
    const batch = await flowBatch([
      { value: '{"n": 1 }', key: 'k', headers: [['a', '1']], timestamp: FIRST_TIMESTAMP, partition: 5, offset: 40 },
    ]);
    batch.attempts = 3;
    batch.settle(0, Rejected, { ...rejection, status: 400, index: 'mdl-web', documentId: 'd' });
    expect(produced([batch], { [ERROR]: 4 })).toEqual({
      [`${ERROR}/1`]: [
        {
          offset: 0,
          timestamp: NOW_MS,
          key: 'k',
          value: '{"n": 1 }',
          headers: [
            ['a', '1'],
            ['__pipeline_id', PIPELINE_ID],
            ['__error_code', 'DOCUMENT_REJECTED'],
            ['__error_reason', 'no'],
            ['__error_stage', 'index'],
            ['__error_status', '400'],
            ['__error_index', 'mdl-web'],
            ['__error_document_id', 'd'],
            ['__error_attempts', '3'],
            ['__error_time', String(NOW_MS)],
            ['__error_revision', '7'],
            ['__source_topic', 'default.sdp.p1.input'],
            ['__source_partition', '5'],
            ['__source_offset', '40'],
            ['__source_timestamp', String(FIRST_TIMESTAMP)],
            ['__connect.errors.topic', 'default.sdp.p1.input'],
            ['__connect.errors.partition', '5'],
            ['__connect.errors.offset', '40'],
            ['__connect.errors.exception.message', 'no'],
          ],
        },
      ],
    });
  });

  it('may be a tombstone, or bytes that are no text', async () => {
    const value = Buffer.from([0xff, 0x00]);
    const batch = await flowBatch([{ value: null }, { value }], { tombstones: 'error' });
    batch.settle(1, Rejected, rejection);
    const [tombstone, bytes] = produced([batch])[`${ERROR}/0`] ?? [];
    expect([tombstone?.value, bytes?.value]).toEqual([null, value.toString()]);
  });

  it('is cut to 1 MiB, and says how long it was, when the error topic refused it whole', async () => {
    const text = 'x'.repeat(1024 * 1024 + 5);
    const batch = await flowBatch([{ value: text }, { value: 'short' }]);
    for (const item of [0, 1]) {
      batch.settle(item, Rejected, rejection);
      batch.truncated.add(item);
    }
    const [long, short] = produced([batch])[`${ERROR}/0`] ?? [];
    expect([long?.value?.length, short?.value]).toEqual([1024 * 1024, 'short']);
    const lengths = [long, short].map((record) => new Map(record?.headers).get('__error_truncated'));
    expect(lengths).toEqual([String(text.length), '5']);
  });

  it('says when its document is in OpenSearch all the same', async () => {
    const batch = await flowBatch([{ value: '{}' }, { value: '{}' }]);
    batch.settle(0, Rejected, { code: 'FORWARD_REFUSED', reason: 'too large', stage: 'forward', indexed: true });
    batch.settle(1, Rejected, rejection);
    const flags = produced([batch])[`${ERROR}/0`]?.map(({ headers }) => new Map(headers).get('__error_indexed'));
    expect(flags).toEqual(['true', undefined]);
  });
});

describe('what produces nothing', () => {
  it('is skipped, dropped or lost', async () => {
    const batch = await flowBatch([{ value: null }, { value: '{}' }, { value: '{}', partition: 1 }]);
    batch.settle(1, Dropped);
    batch.lose((partition) => partition === 1);
    expect(produced([batch])).toEqual({});
  });

  it('is never a record without an outcome: that stops the commit', async () => {
    const batch = await flowBatch([{ value: '{}' }]);
    expect(() => produced([batch])).toThrow();
  });
});

describe('a record found again by its place', () => {
  it('is the one that was encoded there', async () => {
    const batches = [
      await flowBatch([0, 1, 2, 0].map((partition) => ({ value: '{}', partition }))),
      await flowBatch([{ value: null }, { value: '{}' }, { value: '{"__id":""}' }]),
    ];
    batches[0]!.settle(3, Rejected, rejection);
    batches.forEach((batch) => settleAll(batch, Indexed));
    const made = encoder({ [OUTPUT]: 2 });
    const places = (topic: string, partition: number) =>
      [0, 1, 2, 3].map((index) => {
        const found = made.locate(batches, topic, partition, index);
        return found && [batches.indexOf(found.batch), found.item];
      });
    expect(places(OUTPUT, 0)).toEqual([[0, 0], [0, 2], [1, 1], undefined]);
    expect(places(OUTPUT, 1)).toEqual([[0, 1], undefined, undefined, undefined]);
    expect(places(ERROR, 0)).toEqual([[0, 3], [1, 2], undefined, undefined]);
    expect(places('elsewhere', 0)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
