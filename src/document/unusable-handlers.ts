/** Handlers that this process cannot apply. The message says why, and what to do. */
export class UnusableHandlers extends Error {
  constructor(
    readonly code: 'HANDLER_UNKNOWN' | 'HANDLER_UNUSABLE',
    message: string,
  ) {
    super(message);
  }
}
