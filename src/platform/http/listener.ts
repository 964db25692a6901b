/** public: callers with a token; internal: other services, whose account headers are trusted. */
export type Listener = 'public' | 'internal';

const LISTENER = Symbol('listener');

/** Marks a request with the listener that took it; done before anything else sees the request. */
export function markListener(request: object, listener: Listener): void {
  Object.defineProperty(request, LISTENER, { value: listener });
}

/** The listener that took the request. One that nobody marked counts as public: the side that trusts nothing. */
export function listenerOf(request: object): Listener {
  return (request as { [LISTENER]?: Listener })[LISTENER] ?? 'public';
}
