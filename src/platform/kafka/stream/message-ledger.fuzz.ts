import fc from 'fast-check';
import { kafkaMessage } from '../../../../test/factories/kafka-messages.js';
import { fuzzSeed } from '../../../../test/support/fuzz-seed.js';
import { encodeOutput } from './encoded-output.js';
import { GroupUnit } from './group-unit.js';
import type { KafkaMessage } from './kafka-message.js';
import { MessageLedger } from './message-ledger.js';

type Act = { kind: 'read' | 'settle' | 'commit' | 'lose'; partition: number; pick: number };

const PARTITIONS = 3;
const act = fc.record<Act>({
  kind: fc.oneof(
    { weight: 5, arbitrary: fc.constant<Act['kind']>('read') },
    { weight: 5, arbitrary: fc.constant<Act['kind']>('settle') },
    { weight: 3, arbitrary: fc.constant<Act['kind']>('commit') },
    { weight: 1, arbitrary: fc.constant<Act['kind']>('lose') },
  ),
  partition: fc.nat({ max: PARTITIONS - 1 }),
  pick: fc.nat({ max: 20 }),
});

/** One partition, told of in the simplest way. */
class Told {
  readonly open: KafkaMessage[] = [];
  /** Outputs that are in the log, by offset. */
  readonly written: number[] = [];
  next = 0;
  committed = 0;
}

/** Reads, settles, commits and loses as told, and checks after each commit what it may have done. */
function play(acts: readonly Act[]): void {
  const ledger = new MessageLedger();
  const all = Array.from({ length: PARTITIONS }, () => new Told());
  for (const { kind, partition, pick } of [...acts, { kind: 'commit', partition: 0, pick: 0 } as Act]) {
    const told = all[partition] as Told;
    switch (kind) {
      case 'read': {
        // Offsets of a compacted topic have holes.
        const message = kafkaMessage(partition, told.next + (pick % 3));
        told.next = message.offset + 1;
        told.open.push(message);
        ledger.add(message, 10);
        ledger.addOutput(message, encodeOutput('out', { value: String(message.offset) }, message));
        break;
      }
      case 'settle': {
        const [message] = told.open.splice(pick % Math.max(told.open.length, 1), 1);
        if (message) {
          ledger.settle(message, false);
        }
        break;
      }
      case 'lose':
        ledger.lose((lost) => lost === partition);
        // Read again from what is committed, as whoever gets the partition does.
        told.open.length = 0;
        told.next = told.committed;
        break;
      case 'commit':
        commit(ledger, all);
        break;
    }
  }
  expect(ledger.bufferedBytes).toBeGreaterThanOrEqual(0);
}

function commit(ledger: MessageLedger, all: readonly Told[]): void {
  const group = ledger.settledGroup(100);
  if (!group) {
    return;
  }
  const offsets = new GroupUnit(group, { partitionCount: () => 1, errors: undefined }).nextOffsets();
  for (const { partition, entries } of group.taken) {
    const told = all[partition] as Told;
    told.written.push(...entries.map(({ message }) => message.offset));
  }
  for (const [partition, offset] of offsets) {
    const told = all[partition] as Told;
    expect(offset).toBeGreaterThan(told.committed);
    expect(offset).toBeLessThanOrEqual(Math.min(told.next, ...told.open.map((message) => message.offset)));
    // Everything below it was written, once and in order, and nothing above it.
    expect(told.written).toEqual([...new Set(told.written)].toSorted((one, other) => one - other));
    expect(told.written.at(-1) ?? -1).toBeLessThan(offset);
    told.committed = offset;
  }
  ledger.remove(group);
}

describe(`any order of reading, settling, committing and losing (SDP_TEST_SEED=${fuzzSeed})`, () => {
  it('commits no offset beyond a message that has not settled, and writes nothing twice', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 120 }), (acts) => play(acts)),
      { numRuns: 3000, seed: fuzzSeed },
    );
  });
});
