import { RecordRefusal } from './record-fault.js';

/** Why a record did not pass a handler of its pipeline. */
export class HandlerFailure extends Error {
  /** The record was refused on purpose, by a handler that is there for that. */
  readonly isRefusal: boolean;

  constructor(
    /** Place of the handler in the pipeline's list, from 0. */
    readonly index: number,
    readonly type: string,
    cause: Error,
  ) {
    super(`handlers[${index}] (${type}): ${cause.message}`, { cause });
    this.isRefusal = cause instanceof RecordRefusal;
  }
}
