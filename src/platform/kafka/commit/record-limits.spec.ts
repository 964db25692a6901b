import { RecordLimits } from './record-limits.js';

describe('the limits of batches while a refused record is looked for', () => {
  const refused = { topic: 't', partition: 0, firstIndex: 100, count: 64 };

  it('leave batches before the refused one, and those of other partitions, as they were', () => {
    const limits = new RecordLimits();
    limits.halve(refused);
    expect([limits.maxRecordsOf('t', 0, 99), limits.maxRecordsOf('t', 1, 100)]).toEqual([Infinity, Infinity]);
    expect(limits.maxRecordsOf('t', 0, 100)).toBe(32);
  });

  it('leave what was written while halving as it was written', () => {
    const limits = new RecordLimits();
    limits.halve(refused);
    limits.halve({ ...refused, firstIndex: 132, count: 32 });
    limits.halve({ ...refused, firstIndex: 132, count: 16 });
    expect([100, 131, 132].map((index) => limits.maxRecordsOf('t', 0, index))).toEqual([32, 32, 8]);
  });

  it('are lifted behind the culprit', () => {
    const limits = new RecordLimits();
    limits.halve(refused);
    limits.lift('t', 0, 110);
    expect([109, 110, 5000].map((index) => limits.maxRecordsOf('t', 0, index))).toEqual([32, Infinity, Infinity]);
  });
});
