/** The record itself, or how to read it: `parse` is called on first use and, once it has succeeded, never again. */
export type RecordSource<TRecord> = { readonly record: TRecord } | { readonly parse: () => TRecord };

/** May be left out only if an empty object is a valid state. */
export type StateSource<TState extends object> = object extends TState
  ? { readonly state?: TState }
  : { readonly state: TState };

export type ContextOptions<TRecord, TState extends object> = RecordSource<TRecord> &
  StateSource<TState> & {
    /** From now on, in milliseconds, above 0. Left out: no time-out, and no timer. */
    readonly timeoutMs?: number;
  };

export interface DeriveOptions<TState extends object> {
  /** The derived context's own limit, from now on; that of its ancestors holds as well. */
  readonly timeoutMs?: number;
  /** What the derived context sees instead of, or on top of, its parent's state. */
  readonly state?: Partial<TState>;
}
