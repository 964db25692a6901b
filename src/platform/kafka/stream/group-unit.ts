import { CodedError } from '../../../domain/coded-error.js';
import type { CommitUnit, Replacement } from '../commit/commit-unit.js';
import { keyPartition } from '../key-partition.js';
import type { RecordRefused } from '../wire/leader-writer.js';
import { OutgoingBatches, type BatchLimits } from '../wire/outgoing-batches.js';
import type { OutgoingRecord } from '../wire/record-batch.js';
import { truncatedRecord, type ErrorRecords } from './error-records.js';
import type { LedgerEntry } from './ledger-entry.js';
import type { SettledGroup } from './settled-group.js';

/** What a group has to know when it is committed. */
export interface GroupPorts {
  partitionCount(topic: string): number;
  /** Undefined: there is no error topic. */
  readonly errors: ErrorRecords | undefined;
}

type Visitor = (topic: string, partition: number, record: OutgoingRecord, entry: LedgerEntry) => boolean;

/** A group as one commit: what is written for each message, and the offsets behind them. */
export class GroupUnit implements CommitUnit {
  constructor(
    private readonly group: SettledGroup,
    private readonly ports: GroupPorts,
  ) {}

  nextOffsets(): ReadonlyMap<number, number> {
    return new Map(this.group.taken.map(({ partition, nextOffset }) => [partition, nextOffset]));
  }

  topics(): readonly string[] {
    const { errors } = this.ports;
    const outputs = this.group.entries().flatMap((entry) => entry.outputs.map(({ topic }) => topic));
    const hasErrors = this.group.entries().some(({ errorRecord }) => errorRecord);
    return [...new Set([...outputs, ...(errors && hasErrors ? [errors.topic] : [])])];
  }

  encode(limits: BatchLimits): OutgoingBatches {
    const outgoing = new OutgoingBatches(limits);
    this.walk((topic, partition, record, { message }) => {
      outgoing.add(topic, partition, record, { partition: message.partition, offset: message.offset });
      return true;
    });
    return outgoing;
  }

  count(): number {
    let count = 0;
    this.walk(() => ++count > 0);
    return count;
  }

  /** Nothing is counted by attempts. */
  seal(): void {}

  /** Of a message with an output that Kafka refuses, all outputs give way to an error record; that may be cut, once. */
  replace(refused: RecordRefused): Replacement {
    const { errors } = this.ports;
    const culprit = this.locate(refused);
    if (!culprit || !errors) {
      throw unmendable(refused, 'make the output smaller, or raise max.message.bytes of the topic');
    }
    if (!culprit.errorRecord) {
      culprit.errorRecord = errors.recordOf(culprit.message, refused, false);
      culprit.outputs.length = 0;
      return 'moved';
    }
    if (culprit.isShortened) {
      throw unmendable(refused, 'raise max.message.bytes of the error topic');
    }
    culprit.isShortened = true;
    culprit.errorRecord = truncatedRecord(culprit.errorRecord);
    return 'shortened';
  }

  private locate({ topic, partition, firstIndex }: RecordRefused): LedgerEntry | undefined {
    let seen = 0;
    let found: LedgerEntry | undefined;
    this.walk((itsTopic, itsPartition, _record, entry) => {
      if (itsTopic === topic && itsPartition === partition && seen++ === firstIndex) {
        found = entry;
      }
      return found === undefined;
    });
    return found;
  }

  private walk(visit: Visitor): void {
    const { errors } = this.ports;
    for (const entry of this.group.entries()) {
      const written = entry.outputs.map(({ topic, record }) => ({ topic, record }));
      if (errors && entry.errorRecord) {
        written.push({ topic: errors.topic, record: entry.errorRecord });
      }
      for (const { topic, record } of written) {
        if (!visit(topic, this.partitionOf(topic, record, entry), record, entry)) {
          return;
        }
      }
    }
  }

  /** Error records follow the partition of their message, so that those of a key stay in order whatever their topic has. */
  private partitionOf(topic: string, { key }: OutgoingRecord, { message, errorRecord }: LedgerEntry): number {
    const count = this.ports.partitionCount(topic);
    return key && !errorRecord ? keyPartition(key, count) : message.partition % count;
  }
}

function unmendable(refused: RecordRefused, remedy: string): CodedError {
  return new CodedError('OUTPUT_REFUSED', `${refused.message}: ${remedy}`, { cause: refused });
}
