import { documents, flowBatch } from '../../../../test/factories/flow-batches.js';
import { Ledger } from './ledger.js';

const batches = (...sizes: number[]) => Promise.all(sizes.map((size) => flowBatch(documents(size))));

describe('what was read and is not committed', () => {
  it('may be committed as far as everything before it is final', async () => {
    const ledger = new Ledger();
    const [a, b, c] = await batches(1, 2, 3);
    [a!, b!, c!].forEach((batch) => ledger.push(batch));
    ledger.markFinal(c!);
    ledger.markFinal(b!);
    expect(ledger.finalPrefix(Infinity)).toEqual([]);
    ledger.markFinal(a!);
    expect(ledger.finalPrefix(Infinity)).toEqual([a, b, c]);
  });

  it('goes in groups of about so many bytes, one batch at least', async () => {
    const ledger = new Ledger();
    const list = await batches(2, 2, 2);
    const size = list[0]!.recordBytes;
    for (const batch of list) {
      ledger.push(batch);
      ledger.markFinal(batch);
    }
    expect(ledger.finalPrefix(0)).toEqual(list.slice(0, 1));
    expect(ledger.finalPrefix(2 * size)).toEqual(list.slice(0, 2));
    expect(ledger.finalPrefix(3 * size - 1)).toEqual(list.slice(0, 2));
  });

  it('counts its bytes until they are committed', async () => {
    const ledger = new Ledger();
    const [a, b] = await batches(1, 5);
    ledger.push(a!);
    ledger.push(b!);
    expect([ledger.recordBytes, ledger.isEmpty]).toEqual([a!.recordBytes + b!.recordBytes, false]);
    ledger.remove([a!]);
    expect(ledger.recordBytes).toBe(b!.recordBytes);
    ledger.remove([b!]);
    expect([ledger.recordBytes, ledger.isEmpty]).toEqual([0, true]);
  });

  it('forgets that a batch was final when it comes again', async () => {
    const ledger = new Ledger();
    const [a] = await batches(1);
    ledger.push(a!);
    ledger.markFinal(a!);
    ledger.remove([a!]);
    ledger.push(a!);
    expect(ledger.finalPrefix(Infinity)).toEqual([]);
  });

  it('leaves in the order of reading alone', async () => {
    const ledger = new Ledger();
    const [a, b] = await batches(1, 1);
    ledger.push(a!);
    ledger.push(b!);
    expect(() => ledger.remove([b!])).toThrow();
  });

  it('shows its batches in the order of reading, final or not', async () => {
    const ledger = new Ledger();
    const list = await Promise.all([0, 1, 2].map(() => flowBatch([{ value: {} }])));
    list.forEach((batch) => ledger.push(batch));
    ledger.markFinal(list[1]!);
    expect([...ledger]).toEqual(list);
  });
});
