import type { TargetBase } from '../../document/target-base.js';
import { CodedError } from '../../domain/coded-error.js';
import { ApiError } from '../errors/api-error.js';
import type { FromPreviewThread, ToPreviewThread } from './thread/preview-messages.js';
import type { CutBy, PreviewOutcome, RecordPlace } from './thread/preview-outcome.js';

export interface PreviewedEntry {
  place: RecordPlace;
  outcome: PreviewOutcome;
}

export interface PreviewResult {
  entries: PreviewedEntry[];
  /** False when these are perhaps not the records that were asked for, or when something is said of none of them. */
  isComplete: boolean;
}

/** Undefined when there is no such base. */
export type FindBase = (baseType: string) => Promise<TargetBase | undefined>;

/** Gathers what a thread tells of one job, and answers what it asks. */
export class PreviewProgress {
  private readonly over = Promise.withResolvers<PreviewResult>();
  private readonly outcomes: PreviewOutcome[] = [];
  private places: readonly RecordPlace[] | undefined;
  private isComplete = true;
  /** Why a base could not be looked up: the thread only hears that. */
  private lookupFault: unknown;

  /** `onRecords` is called when the records are there. */
  constructor(
    private readonly findBase: FindBase,
    private readonly reply: (message: ToPreviewThread) => void,
    private readonly onRecords: () => void,
  ) {}

  /** Settles once. */
  get result(): Promise<PreviewResult> {
    return this.over.promise;
  }

  take(message: FromPreviewThread): void {
    switch (message.kind) {
      case 'records':
        this.places = message.places;
        this.isComplete = message.isComplete;
        this.onRecords();
        break;
      case 'outcome':
        this.outcomes.push(message.outcome);
        break;
      case 'find_base':
        void this.answer(message.baseType);
        break;
      case 'done':
        this.finish(message.cutBy);
        break;
      case 'failed':
        this.over.reject(this.lookupFault ?? faultOf(message));
        break;
    }
  }

  /** The thread is at its end. What it has told so far stays. */
  cutOff(cutBy: CutBy): void {
    if (this.places) {
      this.finish(cutBy);
    } else {
      this.over.reject(new ApiError('ServiceUnavailable.Preview', { reason: 'the records were not read in time' }));
    }
  }

  /** The thread has ended for a reason that nobody foresaw. */
  fail(error: Error): void {
    this.over.reject(error);
  }

  private finish(cutBy: CutBy | undefined): void {
    const { outcomes, places = [] } = this;
    const entries = places.map((place, at) => ({
      place,
      outcome: outcomes[at] ?? { result: 'unfinished' as const, cutBy: cutBy ?? 'time' },
    }));
    this.over.resolve({ entries, isComplete: this.isComplete && outcomes.length === places.length });
  }

  private async answer(baseType: string): Promise<void> {
    try {
      this.reply({ kind: 'base_found', baseType, base: await this.findBase(baseType) });
    } catch (error) {
      this.lookupFault = error;
      this.reply({ kind: 'base_failed', baseType, message: 'the base could not be looked up' });
    }
  }
}

function faultOf({ code, message }: { code: string; message: string }): Error {
  return code === '' ? new Error(`a preview failed: ${message}`) : new CodedError(code, message);
}
