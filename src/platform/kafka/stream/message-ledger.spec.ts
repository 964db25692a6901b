import { kafkaMessage, recordsOf } from '../../../../test/factories/kafka-messages.js';
import { RecordRefused } from '../wire/leader-writer.js';
import { KafkaFault } from '../wire/kafka-fault.js';
import { encodeOutput } from './encoded-output.js';
import { ErrorRecords } from './error-records.js';
import { GroupUnit } from './group-unit.js';
import type { KafkaMessage } from './kafka-message.js';
import { MessageLedger } from './message-ledger.js';

const MUCH = 1e9;
const LIMITS = { maxBatchBytes: 1e6, maxRecordsOf: () => Infinity };
const errors = new ErrorRecords('errors');

function stage(...messages: KafkaMessage[]) {
  const ledger = new MessageLedger();
  messages.forEach((message) => ledger.add(message, 10));
  const unit = () => {
    const group = ledger.settledGroup(MUCH);
    return group && new GroupUnit(group, { partitionCount: () => 1, errors });
  };
  return {
    ledger,
    unit,
    write: (message: KafkaMessage, value: string) => ledger.addOutput(message, encodeOutput('out', { value }, message)),
    offsets: () => Object.fromEntries(unit()?.nextOffsets() ?? []),
    written: () =>
      unit()
        ?.encode(LIMITS)
        .partitions()
        .map(({ topic, recordCount }) => [topic, recordCount]) ?? [],
    commit: () => {
      const group = ledger.settledGroup(MUCH);
      return group && ledger.remove(group);
    },
  };
}

describe('the ledger of a stream', () => {
  const [a, b, c] = [kafkaMessage(0, 5), kafkaMessage(0, 6), kafkaMessage(0, 9)];
  const other = kafkaMessage(1, 3);

  it('commits an offset only when everything at and below it has settled, in each partition by itself', () => {
    const { ledger, offsets, commit } = stage(a, b, c, other);
    ledger.settle(b, false);
    ledger.settle(other, false);
    expect(offsets()).toEqual({ 1: 4 });

    ledger.settle(a, false);
    expect(offsets()).toEqual({ 0: 9, 1: 4 });
    commit();
    expect([offsets(), ledger.bufferedBytes]).toEqual([{}, 10]);
    ledger.settle(c, false);
    expect(offsets()).toEqual({ 0: 10 });
    commit();
    expect(ledger.bufferedBytes).toBe(0);
  });

  it('passes what holds no message, such as the markers of transactions', () => {
    const { ledger, offsets } = stage(a);
    ledger.passed(0, 8);
    expect(offsets()).toEqual({});
    ledger.settle(a, false);
    expect(offsets()).toEqual({ 0: 8 });
  });

  it('writes outputs in the order of their messages, whichever settles first', () => {
    const { ledger, write, unit } = stage(a, b);
    write(b, 'of b');
    write(a, 'of a');
    ledger.settle(b, false);
    ledger.settle(a, false);
    expect(
      unit()
        ?.encode(LIMITS)
        .partitions()
        .flatMap(recordsOf)
        .map(({ value }) => value),
    ).toEqual(['of a', 'of b']);
  });

  it('writes the error record of a message that failed, and none of its outputs', () => {
    const { ledger, write, written } = stage(a);
    write(a, 'half done');
    ledger.setErrorRecord(a, errors.recordOf(a, new Error('no'), false));
    ledger.settle(a, true);
    expect(written()).toEqual([['errors', 1]]);
  });

  it('neither writes nor commits what was lost, and lets its handlers end in peace', () => {
    const { ledger, write, offsets, written } = stage(a, b, other);
    write(a, 'in vain');
    ledger.settle(a, false);
    ledger.settle(other, false);
    ledger.lose((partition) => partition === 0);
    write(b, 'in vain');
    ledger.settle(b, false);
    expect([offsets(), written(), ledger.bufferedBytes]).toEqual([{ 1: 4 }, [], 10]);
  });

  it('takes nothing for a copy of a message, and nothing once it has settled', () => {
    const { ledger, write } = stage(a);
    expect(() => write(kafkaMessage(0, 5), 'x')).toThrow(expect.objectContaining({ code: 'FOREIGN_MESSAGE' }));
    ledger.settle(a, false);
    expect(() => write(a, 'x')).toThrow(expect.objectContaining({ code: 'MESSAGE_SETTLED' }));
  });

  describe('of which Kafka refuses a record', () => {
    const refusal = (topic: string, firstIndex: number) => {
      const fault = new KafkaFault('MESSAGE_TOO_LARGE', 'record', 'Kafka answered MESSAGE_TOO_LARGE');
      return new RecordRefused(fault, topic, 0, firstIndex, 1, null);
    };

    it('sends its message to the error topic instead, cuts that once, and gives up then', () => {
      const { ledger, write, unit, written } = stage(a, b);
      write(a, 'small');
      write(b, 'large');
      write(b, 'small');
      [a, b].forEach((message) => ledger.settle(message, false));
      const group = unit();

      expect(group?.replace(refusal('out', 1))).toBe('moved');
      expect(written()).toEqual([
        ['out', 1],
        ['errors', 1],
      ]);
      expect(group?.replace(refusal('errors', 0))).toBe('shortened');
      const [record] = (group?.encode(LIMITS).partitions() ?? []).flatMap(recordsOf).slice(1);
      expect(new Map(record?.headers).get('__error_truncated')).toBe('3');
      expect(new Map(record?.headers).get('own')).toBe('yes');
      expect(() => group?.replace(refusal('errors', 0))).toThrow(expect.objectContaining({ code: 'OUTPUT_REFUSED' }));
    });

    it('ends the stream when there is no error topic', () => {
      const { ledger, write } = stage(a);
      write(a, 'large');
      ledger.settle(a, false);
      const group = ledger.settledGroup(MUCH);
      const unit = group && new GroupUnit(group, { partitionCount: () => 1, errors: undefined });
      expect(() => unit?.replace(refusal('out', 0))).toThrow(/max\.message\.bytes/);
    });
  });
});

describe('an output', () => {
  const message = kafkaMessage(2, 7);

  it('is sent as UTF-8 with the time of its message, unless it says otherwise', () => {
    const { record } = encodeOutput('out', { key: 'ü', value: new Uint8Array([1, 2]), headers: { a: 'b' } }, message);
    expect(record).toMatchObject({
      ...{ key: Buffer.from('ü'), value: Buffer.from([1, 2]), timestamp: message.timestamp, headerCount: 1 },
    });
    expect(encodeOutput('out', { value: null, timestamp: 5 }, message).record).toMatchObject({
      ...{ key: null, value: null, timestamp: 5, headerCount: 0 },
    });
  });

  it.each<[string, object]>([
    ['value', { value: { id: 1 } }],
    ['value', {}],
    ['key', { key: 7, value: '' }],
    ['headers.n', { value: '', headers: { n: 1 } }],
    ['timestamp', { value: '', timestamp: 1.5 }],
  ])('is refused for its %s, with the field named', (field, output) => {
    expect(() => encodeOutput('out', output as never, message)).toThrow(field);
  });
});
