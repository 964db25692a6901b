import { CodedError } from '../../../domain/coded-error.js';
import type { OutgoingRecord } from '../wire/record-batch.js';
import type { KafkaMessage } from './kafka-message.js';
import { byteLengthOf, type EncodedOutput } from './encoded-output.js';
import { LedgerEntry } from './ledger-entry.js';
import { PartitionLedger } from './partition-ledger.js';
import { SettledGroup } from './settled-group.js';

/**
 * What was read and is not committed, with what is to be written for it. An offset is given to a commit only when every
 * message at and below it in its partition has settled; partitions do not wait for each other.
 */
export class MessageLedger {
  private readonly partitions = new Map<number, PartitionLedger>();
  /** Also of messages that have left: what still works on one must hear that it is too late. */
  private readonly entries = new WeakMap<KafkaMessage, LedgerEntry>();
  /** Of messages that are not committed, and of what is to be written for them. */
  bufferedBytes = 0;

  /** The messages of a partition come in the order of their offsets. */
  add(message: KafkaMessage, byteLength: number): void {
    const entry = new LedgerEntry(message, byteLength);
    this.entries.set(message, entry);
    this.partitionOf(message.partition).add(entry);
    this.bufferedBytes += byteLength;
  }

  /** Everything of the partition below this offset was added, or holds nothing to add. */
  passed(partition: number, nextOffset: number): void {
    this.partitionOf(partition).readOffset = nextOffset;
  }

  /** Written together with the offset of the message; nothing happens when its partition was lost. */
  addOutput(message: KafkaMessage, output: EncodedOutput): void {
    const entry = this.openEntry(message);
    if (entry) {
      entry.outputs.push(output);
      this.grow(entry, output.byteLength);
    }
  }

  /** Written instead of the outputs of the message. */
  setErrorRecord(message: KafkaMessage, record: OutgoingRecord): void {
    const entry = this.openEntry(message);
    if (entry) {
      entry.errorRecord = record;
      this.grow(entry, byteLengthOf(record));
    }
  }

  /** Nothing more is written for the message; of one that failed no output is. */
  settle(message: KafkaMessage, hasFailed: boolean): void {
    const entry = this.entries.get(message);
    if (entry?.phase !== 'open') {
      return;
    }
    entry.phase = 'settled';
    if (hasFailed) {
      entry.outputs.length = 0;
    }
  }

  lose(isLost: (partition: number) => boolean): void {
    for (const [partition, ledger] of [...this.partitions].filter(([each]) => isLost(each))) {
      this.partitions.delete(partition);
      for (const entry of ledger.entries()) {
        entry.phase = 'lost';
        this.bufferedBytes -= entry.byteLength;
      }
    }
  }

  /** What can be committed now, up to about so many bytes; undefined when there is nothing. It stays here until then. */
  settledGroup(maxBytes: number): SettledGroup | undefined {
    const group = new SettledGroup();
    for (const [partition, ledger] of this.partitions) {
      if (group.byteLength >= maxBytes) {
        break;
      }
      group.take(partition, ledger, maxBytes);
    }
    return group.isEmpty ? undefined : group;
  }

  /** The group is committed; what was lost meanwhile is gone already. */
  remove(group: SettledGroup): void {
    for (const { ledger, entries, nextOffset } of group.taken) {
      ledger.committed(entries.length, nextOffset);
      for (const entry of entries.filter(({ phase }) => phase !== 'lost')) {
        this.bufferedBytes -= entry.byteLength;
      }
    }
  }

  private partitionOf(partition: number): PartitionLedger {
    const ledger = this.partitions.get(partition) ?? new PartitionLedger();
    this.partitions.set(partition, ledger);
    return ledger;
  }

  private grow(entry: LedgerEntry, byteLength: number): void {
    entry.byteLength += byteLength;
    this.bufferedBytes += byteLength;
  }

  private openEntry(message: KafkaMessage): LedgerEntry | undefined {
    const entry = this.entries.get(message);
    switch (entry?.phase) {
      case undefined:
        throw new CodedError(
          'FOREIGN_MESSAGE',
          'Outputs are written for a message of the same KafkaStream, not a copy.',
        );
      case 'settled':
        throw new CodedError('MESSAGE_SETTLED', 'The message has settled: nothing more is written for it.');
      case 'open':
        return entry;
      case 'lost':
        return undefined;
    }
  }
}
