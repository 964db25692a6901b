import { jest } from '@jest/globals';
import fc from 'fast-check';
import { commitPath, ERROR_TOPIC, OUTPUT_TOPIC } from '../../../../test/factories/commit-path.js';
import { flowBatch, settleAll } from '../../../../test/factories/flow-batches.js';
import { kafkaFault, type Step } from '../../../../test/factories/scripted-kafka.js';
import { type Act, ScriptedLeaders } from '../../../../test/factories/scripted-leaders.js';
import { IdempotentProducer } from '../../../platform/kafka/wire/idempotent-producer.js';
import { ItemState } from '../batch/item-state.js';
import { USUAL_BACK_OFF } from '../../../domain/back-off.js';

const OUTPUT_PARTITIONS = 2;
const INPUT_PARTITIONS = 4;

interface Given {
  partition: number;
  isRefused: boolean;
  isRejected: boolean;
}

interface Round {
  group: Given[];
  acts: Act[];
  /** Faults of the commit of offsets, and whether it took place all the same. */
  offsetFaults: boolean[];
  lost: number | undefined;
  /** The leaders know nothing of the producer any more, as when its records are gone from the logs. */
  isForgotten: boolean;
}

const given = fc.record<Given>({
  partition: fc.nat({ max: INPUT_PARTITIONS - 1 }),
  isRefused: fc.integer({ min: 0, max: 14 }).map((n) => n === 0),
  isRejected: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});
const passing = fc.constantFrom('NOT_LEADER_OR_FOLLOWER', 'NOT_ENOUGH_REPLICAS', 'LEADER_NOT_AVAILABLE');
const partition = fc.option(fc.nat({ max: OUTPUT_PARTITIONS - 1 }), { nil: undefined });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Act>({ kind: 'take' }) },
  fc.record({ kind: fc.constant('answer' as const), error: passing, partition }),
  fc.record({
    kind: fc.constant('answer' as const),
    error: fc.constantFrom('REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'),
    isAppended: fc.constant(true),
    partition,
  }),
  fc.constant<Act>({ kind: 'lose_answer' }),
  fc.constant<Act>({ kind: 'lose_request' }),
);
const rounds = (losses: fc.Arbitrary<number | undefined>) =>
  fc.array(
    fc.record<Round>({
      group: fc.array(given, { minLength: 1, maxLength: 60 }),
      acts: fc.array(act, { maxLength: 12 }),
      offsetFaults: fc.array(fc.boolean(), { maxLength: 3 }),
      lost: losses,
      isForgotten: losses.map((lost) => lost === 0),
    }),
    { minLength: 1, maxLength: 4 },
  );

/** Commits the rounds one after another, by one producer, and answers what was in them and what is in the logs. */
async function committed(given: Round[]) {
  const leaders = new ScriptedLeaders(2);
  const options = { requestTimeoutMs: 1 };
  const producers: IdempotentProducer[] = [];
  const path = commitPath(OUTPUT_PARTITIONS, {
    // Some records a batch, so that a commit has many.
    maxBatchBytes: 1500,
    producerOf: (kafka) => {
      producers.push(new IdempotentProducer(leaders.wire, kafka.groupOffsets, options, leaders.produce));
      return producers[0] as IdempotentProducer;
    },
  });
  await producers[0]?.initialise();
  const next = new Map<number, number>();
  const wanted: { name: string; output: number; isError: boolean; isLost: boolean }[] = [];
  for (const [at, { group, acts, offsetFaults, lost, isForgotten }] of given.entries()) {
    const records = group.map((record, n) => ({ ...record, name: `${at}-${n}.` }));
    const offsetOf = (source: number) => next.set(source, (next.get(source) ?? 0) + 1).get(source);
    const batch = await flowBatch(
      records.map((record) => ({
        value: { name: record.name },
        partition: record.partition,
        offset: offsetOf(record.partition),
      })),
    );
    for (const [item, { isRejected }] of records.entries()) {
      if (isRejected) {
        batch.settle(item, ItemState.Rejected, { code: 'DOCUMENT_REJECTED', reason: 'no', stage: 'index' });
      }
    }
    leaders.acts = [...acts];
    if (isForgotten) {
      leaders.forget();
    }
    leaders.refuses = (topic, value) =>
      topic !== ERROR_TOPIC && records.some(({ isRefused, name }) => isRefused && value.includes(`"${name}"`));
    path.kafka.offsetSteps = [
      ...(lost === undefined ? [] : [{ meanwhile: () => path.rebalance((source) => source === lost) }]),
      ...offsetFaults.map((isApplied): Step => ({ fault: kafkaFault('transient', 'NETWORK'), isApplied })),
    ];
    await path.commit([settleAll(batch, ItemState.Indexed)]);
    for (const { name, partition: source, isRefused, isRejected } of records) {
      const isError = isRefused || isRejected;
      wanted.push({ name, output: source % OUTPUT_PARTITIONS, isError, isLost: source === lost });
    }
  }
  const namesIn = (key: string) =>
    (leaders.log.get(key) ?? []).map((value) => (JSON.parse(value) as { name: string }).name);
  return { leaders, wanted, namesIn };
}

const outputOf = (output: number) => `${OUTPUT_TOPIC}/${output}`;
const unique = (names: readonly string[]) => [...new Set(names)];

describe('records that are forwarded at least once', () => {
  beforeEach(() => {
    // Back-off has full jitter: at its shortest nothing waits.
    jest.spyOn(USUAL_BACK_OFF, 'random').mockReturnValue(0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are there exactly once and in order, whatever answers are lost, while the producer lives and nothing is taken away', async () => {
    await fc.assert(
      fc.asyncProperty(rounds(fc.constant(undefined)), async (given) => {
        const { wanted, namesIn, leaders } = await committed(given);
        for (let output = 0; output < OUTPUT_PARTITIONS; output++) {
          const expected = wanted.filter((record) => record.output === output && !record.isError);
          expect(namesIn(outputOf(output))).toEqual(expected.map(({ name }) => name));
        }
        const errors = wanted.filter(({ isError }) => isError).map(({ name }) => name);
        expect(unique(namesIn(`${ERROR_TOPIC}/0`)).toSorted()).toEqual(errors.toSorted());
        expect(leaders.identities).toBe(1);
      }),
      { numRuns: 300 },
    );
  });

  it('are all there, first seen in order, also when partitions are lost and leaders forget the producer', async () => {
    await fc.assert(
      fc.asyncProperty(rounds(fc.option(fc.nat({ max: INPUT_PARTITIONS - 1 }), { nil: undefined })), async (given) => {
        const { wanted, namesIn } = await committed(given);
        for (let output = 0; output < OUTPUT_PARTITIONS; output++) {
          const expected = wanted.filter((record) => record.output === output && !record.isError);
          const kept = new Set(expected.filter(({ isLost }) => !isLost).map(({ name }) => name));
          const seen = unique(namesIn(outputOf(output)));
          expect(seen.filter((name) => kept.has(name))).toEqual([...kept]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
