import { jest } from '@jest/globals';
import { flowBatch, type FlowRecord, settleAll, statesOf } from '../../../../test/factories/flow-batches.js';
import { commitPath, ERROR_TOPIC as ERROR, OUTPUT_TOPIC as OUTPUT } from '../../../../test/factories/commit-path.js';
import { kafkaFault, MEMBER, type ScriptedKafka } from '../../../../test/factories/scripted-kafka.js';
import type { KafkaFaultKind } from '../../../platform/kafka/wire/kafka-fault.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { ItemState } from '../batch/item-state.js';
import { USUAL_BACK_OFF } from '../../../domain/back-off.js';
import { TaskFault, TaskMoved } from '../task-fault.js';

const { Indexed, Rejected, Lost } = ItemState;
const indexed = async (records: FlowRecord[]): Promise<FlowBatch> => settleAll(await flowBatch(records), Indexed);
/** Records that name themselves in their value, one a partition. */
const named = (...names: string[]): FlowRecord[] => names.map((name, partition) => ({ value: { name }, partition }));
const namesIn = (kafka: ScriptedKafka, topic: string): unknown[] =>
  [...kafka.log]
    .filter(([key]) => key.startsWith(`${topic}/`))
    .flatMap(([, records]) => records.map(({ value }) => (JSON.parse(value ?? '') as { name: unknown }).name));
const failureOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeEach(() => {
  // Back-off has full jitter: at its shortest nothing waits.
  jest.spyOn(USUAL_BACK_OFF, 'random').mockReturnValue(0);
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('a commit', () => {
  it('writes records, error records and offsets of a whole group at once', async () => {
    const { kafka, commit, prepared, causes } = commitPath();
    const first = await flowBatch(named('a', 'b'));
    first.settle(1, Rejected, { code: 'DOCUMENT_REJECTED', reason: 'no', stage: 'index' });
    const second = await indexed([{ value: { name: 'c' }, offset: 9 }]);
    await commit([settleAll(first, Indexed), second]);
    expect(kafka.commits).toBe(1);
    expect([namesIn(kafka, OUTPUT), namesIn(kafka, ERROR)]).toEqual([['a', 'c'], ['b']]);
    expect(Object.fromEntries(kafka.offsets)).toEqual({
      0: { offset: 10, metadata: 'topic-id' },
      1: { offset: 1, metadata: 'topic-id' },
    });
    expect(prepared[0]?.toSorted()).toEqual([OUTPUT, ERROR].sort());
    expect(causes).toEqual(['']);
  });

  it('moves the offsets of what produces nothing', async () => {
    const { kafka, commit } = commitPath();
    await commit([await flowBatch([{ value: null }])]);
    expect([kafka.offsets.get(0)?.offset, kafka.log.size]).toEqual([1, 0]);
  });

  it('is none when everything of the group was lost', async () => {
    const { kafka, commit } = commitPath();
    const batch = await indexed(named('a'));
    batch.lose(() => true);
    await commit([batch]);
    expect([kafka.commits, kafka.offsets.size]).toEqual([0, 0]);
  });
});

describe('a fenced producer', () => {
  it('ends the task as moved, without taking the transactional id back', async () => {
    const { kafka, commit } = commitPath();
    kafka.commitSteps = [{ fault: kafkaFault('fenced', 'PRODUCER_FENCED') }];
    expect(await failureOf(commit([await indexed(named('a'))]))).toBeInstanceOf(TaskMoved);
    expect([kafka.commits, kafka.recoveries]).toEqual([1, 0]);
  });

  it('is noticed while recovering, too', async () => {
    const { kafka, commit } = commitPath();
    kafka.commitSteps = [{ fault: kafkaFault('transient') }];
    kafka.recoverSteps = [{ fault: kafkaFault('fenced') }];
    expect(await failureOf(commit([await indexed(named('a'))]))).toBeInstanceOf(TaskMoved);
    expect(kafka.commits).toBe(1);
  });
});

describe('a rebalance during a commit', () => {
  it('leads to another one, with what is still held, as a member of the next generation', async () => {
    const { kafka, commit, rebalance } = commitPath();
    const group = [
      await indexed(named('a', 'b', 'c')),
      await indexed([{ value: { name: 'd' }, partition: 1, offset: 1 }]),
    ];
    kafka.commitSteps = [{ fault: kafkaFault('rebalance', 'REBALANCE_IN_PROGRESS') }];
    const committing = commit(group);
    await new Promise((resolve) => setImmediate(resolve));
    expect([kafka.commits, kafka.recoveries]).toEqual([1, 1]);
    rebalance((partition) => partition === 1);
    await committing;
    expect(namesIn(kafka, OUTPUT)).toEqual(['a', 'c']);
    expect(Object.fromEntries([...kafka.offsets].map(([at, { offset }]) => [at, offset]))).toEqual({ 0: 1, 2: 1 });
    expect(group.flatMap(statesOf)).toEqual([Indexed, Lost, Indexed, Lost]);
  });

  it('that took everything away commits nothing', async () => {
    const { kafka, commit, rebalance } = commitPath();
    kafka.commitSteps = [{ fault: kafkaFault('rebalance'), meanwhile: () => rebalance(() => true) }];
    await commit([await indexed(named('a'))]);
    expect([kafka.commits, kafka.offsets.size, kafka.log.size]).toEqual([1, 0, 0]);
  });

  it('refuses what was built for the generation before: nothing of a lost partition is committed', async () => {
    const { kafka, commit, rebalance } = commitPath();
    kafka.commitSteps = [{ meanwhile: () => rebalance((partition) => partition === 0) }];
    await commit([await indexed(named('a', 'b'))]);
    expect([namesIn(kafka, OUTPUT), [...kafka.offsets.keys()]]).toEqual([['b'], [1]]);
  });
});

describe('a fault of Kafka that passes', () => {
  it('before the end of the transaction leads to the same commit again', async () => {
    const { kafka, commit, causes } = commitPath();
    kafka.commitSteps = [{ fault: kafkaFault('transient', 'NOT_ENOUGH_REPLICAS') }, { fault: kafkaFault('transient') }];
    await commit([await indexed(named('a'))]);
    expect([kafka.commits, kafka.recoveries, kafka.offsetReads]).toEqual([3, 2, 0]);
    expect(namesIn(kafka, OUTPUT)).toEqual(['a']);
    expect(causes[0]).toContain('NOT_ENOUGH_REPLICAS');
    expect(causes.at(-1)).toBe('');
  });

  it('is waited out, however long it takes: nothing ends the task', async () => {
    const { kafka, commit } = commitPath();
    kafka.commitSteps = Array.from({ length: 30 }, () => ({ fault: kafkaFault('transient') }));
    kafka.recoverSteps = Array.from({ length: 30 }, () => ({ fault: kafkaFault('transient') }));
    await commit([await indexed(named('a'))]);
    expect(namesIn(kafka, OUTPUT)).toEqual(['a']);
  });

  it('is one of an error topic that does not exist: the offsets stay, and the task says so', async () => {
    const { kafka, commit, causes, onPrepare, aborter } = commitPath();
    let looks = 0;
    onPrepare.call = () => {
      if (++looks === 3) {
        aborter.abort(new Error('over'));
      }
      throw kafkaFault('transient', 'UNKNOWN_TOPIC_OR_PARTITION');
    };
    await expect(commit([await indexed(named('a'))])).rejects.toMatchObject({ name: 'AbortError' });
    expect([kafka.commits, kafka.offsets.size]).toEqual([0, 0]);
    expect(causes).toContainEqual(expect.stringContaining('UNKNOWN_TOPIC_OR_PARTITION'));
  });

  it('ends its wait when the run is over', async () => {
    const { kafka, commit, aborter } = commitPath();
    kafka.commitSteps = [{ fault: kafkaFault('transient'), meanwhile: () => aborter.abort(new Error('over')) }];
    await expect(commit([await indexed(named('a'))])).rejects.toMatchObject({ cause: { message: 'over' } });
  });
});

describe('an unknown outcome', () => {
  const lostAnswer = { fault: kafkaFault('transient', 'NETWORK'), isUnknown: true };

  it('of a transaction that took place is found in the offsets: nothing is sent twice', async () => {
    const { kafka, commit } = commitPath();
    kafka.commitSteps = [{ ...lostAnswer, isApplied: true }];
    await commit([await indexed(named('a', 'b'))]);
    expect([kafka.commits, kafka.recoveries, kafka.offsetReads]).toEqual([1, 1, 1]);
    expect(namesIn(kafka, OUTPUT)).toEqual(['a', 'b']);
  });

  it('is settled as well when the offsets are past the target', async () => {
    const { kafka, commit } = commitPath();
    kafka.commitSteps = [lostAnswer];
    kafka.offsets.set(0, { offset: 50, metadata: '' });
    await commit([await indexed(named('a'))]);
    expect(kafka.commits).toBe(1);
  });

  it.each([
    ['no offset at all', []],
    ['an offset below the target', [[0, 1]] as const],
    ['one of two partitions at its target', [[0, 2]] as const],
  ])('of a transaction that did not take place is sent again: %s', async (_what, offsets) => {
    const { kafka, commit } = commitPath();
    kafka.commitSteps = [lostAnswer];
    offsets.forEach(([partition, offset]) => kafka.offsets.set(partition, { offset, metadata: '' }));
    await commit([await indexed([...named('a', 'b'), { value: { name: 'c' }, partition: 0 }])]);
    expect(kafka.commits).toBe(2);
    expect(namesIn(kafka, OUTPUT)).toEqual(['a', 'c', 'b']);
    expect(kafka.offsets.get(0)?.offset).toBe(2);
  });

  it('is asked about until Kafka answers', async () => {
    const { kafka, commit } = commitPath();
    kafka.commitSteps = [{ ...lostAnswer, isApplied: true }];
    kafka.recoverSteps = [{ fault: kafkaFault('transient') }];
    kafka.readSteps = [{ fault: kafkaFault('transient') }, { fault: kafkaFault('transient') }];
    await commit([await indexed(named('a'))]);
    expect([kafka.commits, kafka.recoveries, kafka.offsetReads]).toEqual([1, 2, 3]);
    expect(namesIn(kafka, OUTPUT)).toEqual(['a']);
  });

  it('looks at the partitions that are still held', async () => {
    const { kafka, commit, rebalance } = commitPath();
    kafka.commitSteps = [{ ...lostAnswer, isApplied: true }];
    kafka.readSteps = [{ meanwhile: () => void kafka.offsets.delete(1) }];
    kafka.recoverSteps = [{ meanwhile: () => rebalance((partition) => partition === 1) }];
    await commit([await indexed(named('a', 'b'))]);
    expect(kafka.commits).toBe(1);
  });
});

describe('a record that Kafka refuses', () => {
  const naming =
    (topic: string, ...names: string[]) =>
    (at: string, { value }: { value: string | null }) =>
      at === topic && names.some((name) => value?.includes(`"name":"${name}"`)) ? 'MESSAGE_TOO_LARGE' : undefined;

  it('is found by halves and goes to the error topic, with the others untouched and in order', async () => {
    const { kafka, commit } = commitPath(1);
    const names = Array.from({ length: 100 }, (_, n) => `r${n}`);
    const batch = await indexed(names.map((name) => ({ value: { name } })));
    kafka.refusal = naming(OUTPUT, 'r63');
    await commit([batch]);
    expect(namesIn(kafka, OUTPUT)).toEqual(names.filter((name) => name !== 'r63'));
    expect(namesIn(kafka, ERROR)).toEqual(['r63']);
    const headers = new Map(kafka.log.get(`${ERROR}/0`)?.[0]?.headers);
    expect([headers.get('__error_code'), headers.get('__error_stage'), headers.get('__error_indexed')]).toEqual([
      'FORWARD_REFUSED',
      'forward',
      'true',
    ]);
    expect(kafka.offsets.get(0)?.offset).toBe(100);
    expect(kafka.commits).toBeLessThanOrEqual(10);
  });

  it('may be one of several, in several partitions and batches', async () => {
    const { kafka, commit } = commitPath();
    const group = [await indexed(named('a', 'b', 'c')), await indexed(named('d', 'e', 'f'))];
    kafka.refusal = naming(OUTPUT, 'a', 'd', 'e');
    await commit(group);
    expect(namesIn(kafka, OUTPUT).toSorted()).toEqual(['b', 'c', 'f']);
    expect(namesIn(kafka, ERROR).toSorted()).toEqual(['a', 'd', 'e']);
    expect(group.flatMap(statesOf).filter((state) => state === Rejected)).toHaveLength(3);
  });

  it('is looked for anew in each group, from whole batches on', async () => {
    const { kafka, commit } = commitPath(1);
    const batch = (from: number) =>
      indexed(Array.from({ length: 8 }, (_, n) => ({ value: { name: `r${from + n}` }, offset: from + n })));
    kafka.refusal = naming(OUTPUT, 'r3');
    await commit([await batch(0)]);
    const before = kafka.commits;
    kafka.refusal = naming(OUTPUT, 'r11');
    await commit([await batch(8)]);
    expect(kafka.commits - before).toBe(before);
    expect(namesIn(kafka, OUTPUT)).toHaveLength(14);
    expect(namesIn(kafka, ERROR)).toEqual(['r3', 'r11']);
  });

  it('by the error topic as well is cut, and ends the task when even that is refused', async () => {
    const whole = commitPath(1);
    whole.kafka.refusal = (topic, { headers }) =>
      topic === OUTPUT || !new Map(headers).has('__error_truncated') ? 'MESSAGE_TOO_LARGE' : undefined;
    await whole.commit([await indexed(named('a'))]);
    expect(namesIn(whole.kafka, ERROR)).toEqual(['a']);
    expect(new Map(whole.kafka.log.get(`${ERROR}/0`)?.[0]?.headers).has('__error_truncated')).toBe(true);

    const none = commitPath(1);
    none.kafka.refusal = () => 'MESSAGE_TOO_LARGE';
    const failure = await failureOf(none.commit([await indexed(named('a'))]));
    expect(failure).toBeInstanceOf(TaskFault);
    expect(failure).toMatchObject({ code: 'KAFKA_ERROR_TOPIC_REFUSES', message: expect.stringContaining(ERROR) });
    expect([none.kafka.offsets.size, none.kafka.log.size]).toEqual([0, 0]);
  });

  it('is never mixed up with another one because partitions were lost meanwhile', async () => {
    const { kafka, commit, rebalance } = commitPath(2);
    // Input partitions 0 and 2 share output partition 0: without 0, the place of the culprit is another record's.
    const batch = await indexed([0, 2, 2].map((partition, n) => ({ value: { name: `r${n}` }, partition })));
    kafka.refusal = naming(OUTPUT, 'r0');
    const lose = { meanwhile: () => rebalance((partition) => partition === 0) };
    kafka.recoverSteps = [{}, {}, lose];
    await commit([batch]);
    expect(statesOf(batch)).toEqual([Lost, Indexed, Indexed]);
    expect([namesIn(kafka, OUTPUT), namesIn(kafka, ERROR)]).toEqual([['r1', 'r2'], []]);
  });
});

describe('faults that an operator has to mend', () => {
  it.each<[KafkaFaultKind, string, string]>([
    ['authorization', 'TOPIC_AUTHORIZATION_FAILED', 'KAFKA_ACCESS_DENIED'],
    ['refused', 'SASL_AUTHENTICATION_FAILED', 'KAFKA_CONNECTION_REFUSED'],
    ['fatal', 'UNSUPPORTED_VERSION', 'KAFKA_REFUSED'],
  ])('of kind %s end the task: %s', async (kind, code, expected) => {
    const { kafka, commit } = commitPath();
    kafka.commitSteps = [{ fault: kafkaFault(kind, code) }];
    const failure = await failureOf(commit([await indexed(named('a'))]));
    expect(failure).toBeInstanceOf(TaskFault);
    expect(failure).toMatchObject({ code: expected, endsWhenOpenSearchAnswers: false });
    expect([kafka.commits, kafka.offsets.size]).toEqual([1, 0]);
  });

  it.each(['recoverSteps', 'readSteps'] as const)('end the task at any moment: %s', async (moment) => {
    const { kafka, commit } = commitPath();
    kafka.commitSteps = [{ fault: kafkaFault('transient'), isUnknown: true }];
    kafka[moment] = [{ fault: kafkaFault('authorization', 'GROUP_AUTHORIZATION_FAILED') }];
    const failure = await failureOf(commit([await indexed(named('a'))]));
    expect(failure).toBeInstanceOf(TaskFault);
    expect(kafka.member).toBe(MEMBER);
  });
});
