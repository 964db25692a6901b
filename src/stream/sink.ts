/** Where an app writes to. */
export interface Sink<TOutput> {
  /**
   * Resolves when the output cannot be lost any more, or will be written together with the settlement of the message that
   * it was made of. Rejects when it was not written; trying again is the sink's business, giving up the app's.
   */
  send(output: TOutput, signal: AbortSignal): Promise<void>;

  /** Waits for what is under way. After the last `send`. */
  close(): Promise<void>;
}
