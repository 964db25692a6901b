import type { RecordSource } from './context-options.js';

/** One record, read on demand. Shared by a context and those derived from it, so that it is parsed once for all. */
export class RecordCell<TRecord> {
  private parse: (() => TRecord) | undefined;
  private value: TRecord | undefined;

  constructor(source: RecordSource<TRecord>) {
    this.parse = 'parse' in source ? source.parse : undefined;
    this.value = 'parse' in source ? undefined : source.record;
  }

  /** A parser that throws is asked again on the next read. */
  read(): TRecord {
    if (this.parse !== undefined) {
      this.value = this.parse();
      this.parse = undefined;
    }
    return this.value as TRecord;
  }
}
