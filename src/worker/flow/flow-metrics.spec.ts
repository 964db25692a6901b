import { ItemState } from './batch/item-state.js';
import { FlowMetrics } from './flow-metrics.js';

const { Indexed, Superseded, Rejected, Skipped, Dropped, Pending } = ItemState;

function read(metrics: FlowMetrics, records: number): void {
  for (let n = 0; n < records; n++) {
    metrics.read(10);
  }
}

describe('the counts of a run', () => {
  it.each([
    [Indexed, { recordsIndexed: 1, recordsForwarded: 1 }],
    [Superseded, { recordsSuperseded: 1, recordsForwarded: 1 }],
    [Rejected, { recordsForwarded: 0 }],
    [Skipped, { recordsSkipped: 1, recordsForwarded: 0 }],
    [Dropped, { recordsDropped: 1, recordsForwarded: 0 }],
  ] as const)('take one record of outcome %s out of flight and put it where it belongs', (outcome, counted) => {
    const metrics = new FlowMetrics();
    read(metrics, 2);
    metrics.finish(outcome, { stage: 'json', code: 'TOMBSTONE', reason: 'none' });
    expect(metrics).toMatchObject({ recordsIn: 2, bytesIn: 20, recordsInFlight: 1, ...counted });
    const { recordsIndexed, recordsSuperseded, recordsSkipped, recordsDropped } = metrics;
    const rejected = metrics.take().recordsRejected.length;
    expect(recordsIndexed + recordsSuperseded + recordsSkipped + recordsDropped + rejected).toBe(1);
  });

  it('know no record without an outcome', () => {
    expect(() => new FlowMetrics().finish(Pending)).toThrow('without an outcome');
  });

  it('start at nothing after each take, but for what is in flight', () => {
    const metrics = new FlowMetrics();
    read(metrics, 5);
    metrics.finish(Rejected, { stage: 'index', code: 'DOCUMENT_REJECTED', reason: 'no' });
    metrics.observeBulk({ seconds: 1, items: 2, bytes: 3, retriedItems: 4 });
    const taken = metrics.take();
    const expected = new FlowMetrics();
    expected.recordsInFlight = 4;
    expect(metrics).toEqual(expected);
    // What was given away stays as it was.
    expect(taken).toMatchObject({
      counts: { recordsIn: 5, bulkRetries: 4 },
      recordsRejected: [{ stage: 'index', code: 'DOCUMENT_REJECTED', count: 1 }],
      observed: { bulkSeconds: [1], bulkRecords: [2], bulkBytes: [3] },
    });
  });
});

describe('the end of a run', () => {
  it('gives back what is still in flight, and hands on what nobody has taken yet', () => {
    const metrics = new FlowMetrics();
    read(metrics, 9);
    metrics.take();
    metrics.finish(Indexed);
    metrics.finish(Rejected, { stage: 'index', code: 'DOCUMENT_REJECTED', reason: 'no' });
    metrics.giveBack(2);
    const next = metrics.successor();
    expect(next).toMatchObject({ recordsIn: 0, recordsIndexed: 1, recordsReplayed: 7, recordsInFlight: 0 });
    expect(next.take().recordsRejected).toEqual([{ stage: 'index', code: 'DOCUMENT_REJECTED', count: 1 }]);
  });

  it('leaves it without a say, whatever becomes of it afterwards', () => {
    const ended = new FlowMetrics();
    read(ended, 3);
    ended.finish(Rejected, { stage: 'index', code: 'DOCUMENT_REJECTED', reason: 'no' });
    const next = ended.successor();
    ended.finish(Indexed);
    ended.finish(Rejected, { stage: 'index', code: 'DOCUMENT_REJECTED', reason: 'no' });
    ended.observeTransaction(1);
    expect(next).toMatchObject({ recordsIn: 3, recordsReplayed: 2, recordsIndexed: 0, recordsInFlight: 0 });
    expect(next.take()).toMatchObject({ recordsRejected: [{ count: 1 }], observed: { transactionSeconds: [] } });
  });
});
