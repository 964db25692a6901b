import { KafkaFault } from '../wire/kafka-fault.js';
import type { KafkaWire } from '../wire/kafka-wire.js';
import { OutputTopics } from './output-topics.js';

/** What the cluster knows: topic → partitions. */
function topicsOf(known: Record<string, number>): OutputTopics {
  const metadata = () =>
    Promise.resolve({
      topics: new Map(Object.entries(known).map(([name, partitionsCount]) => [name, { partitionsCount }])),
    });
  return new OutputTopics({ metadata } as unknown as KafkaWire);
}

describe('the topics that a task writes to', () => {
  it('have the partitions that the cluster told last', async () => {
    const known = { err: 1, out: 3 };
    const topics = topicsOf(known);
    await topics.prepare(['err', 'out']);
    expect([topics.partitionCount('err'), topics.partitionCount('out')]).toEqual([1, 3]);
    known.out = 5;
    await topics.prepare(['out']);
    expect(topics.partitionCount('out')).toBe(5);
  });

  it('are waited for when one of them does not exist', async () => {
    const missing = topicsOf({ err: 1 }).prepare(['err', 'out']);
    await expect(missing).rejects.toBeInstanceOf(KafkaFault);
    await expect(missing).rejects.toMatchObject({ kind: 'transient', message: expect.stringContaining('out') });
  });

  it('have to be looked up before they are used', () => {
    expect(() => topicsOf({ out: 1 }).partitionCount('out')).toThrow();
  });
});
