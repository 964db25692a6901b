/** Base of the API for callers with a token; served by the public listener only. */
export const PUBLIC_BASE = '/api/flow-stream-data-pipeline/v1';

/** Base of the API for other services; served by the internal listener only. */
export const INTERNAL_BASE = '/api/flow-stream-data-pipeline/in/v1';
