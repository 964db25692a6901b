import { setTimeout as delay } from 'node:timers/promises';
import { backOffMs } from '../../../domain/back-off.js';
import { toKafkaFault, type KafkaFault } from '../wire/kafka-fault.js';
import type { PartitionSource, SourceChunk } from './partition-source.js';

const LEAST_PAUSE_MS = 100;
const MOST_DOUBLINGS = 4;

/**
 * Reads a partition source through faults that pass: those are told, waited out, and the group is joined again when the
 * membership had ended. Throws the KafkaFault that an operator has to mend.
 */
export class PatientReader {
  constructor(
    private readonly source: Pick<PartitionSource, 'join' | 'poll' | 'hasEnded'>,
    /** Undefined: it moves again. */
    private readonly onWaiting: (fault: KafkaFault | undefined) => void,
  ) {}

  /** However long it takes; returns without having joined once `isStopping` says so. */
  async join(signal: AbortSignal, isStopping: () => boolean): Promise<void> {
    for (let failures = 1; !isStopping(); failures++) {
      try {
        await this.source.join();
        this.onWaiting(undefined);
        return;
      } catch (error) {
        await this.waitOut(error, failures, signal);
      }
    }
  }

  /** The next records; none after a fault that was waited out. */
  async poll(maxBytes: number, signal: AbortSignal, isStopping: () => boolean): Promise<SourceChunk[]> {
    try {
      const chunks = await this.source.poll(maxBytes, signal);
      this.onWaiting(undefined);
      return chunks;
    } catch (error) {
      signal.throwIfAborted();
      await this.waitOut(error, 1, signal);
      if (this.source.hasEnded) {
        await this.join(signal, isStopping);
      }
      return [];
    }
  }

  private async waitOut(error: unknown, failures: number, signal: AbortSignal): Promise<void> {
    const fault = toKafkaFault(error, 'reading the input topic');
    if (fault.kind === 'authorization' || fault.kind === 'refused' || fault.kind === 'fatal') {
      throw fault;
    }
    this.onWaiting(fault);
    const pauseMs = LEAST_PAUSE_MS + backOffMs(Math.min(failures, MOST_DOUBLINGS), 0);
    await delay(pauseMs, undefined, { signal });
  }
}
