import type { OutgoingRecord } from '../wire/record-batch.js';
import type { KafkaMessage } from './kafka-message.js';
import type { EncodedOutput } from './encoded-output.js';

export type EntryPhase =
  /** Its handlers are at work, or wait for their turn. */
  | 'open'
  /** Through; its outputs and its offset may be committed. */
  | 'settled'
  /** Its partition belongs to another member of the group, who reads it again. */
  | 'lost';

/** A message that was read and is not committed. */
export class LedgerEntry {
  phase: EntryPhase = 'open';
  readonly outputs: EncodedOutput[] = [];
  errorRecord: OutgoingRecord | undefined = undefined;
  /** The error topic took the record only when it was cut. */
  isShortened = false;

  constructor(
    readonly message: KafkaMessage,
    /** Of the message and of what was written for it. */
    public byteLength: number,
  ) {}
}
