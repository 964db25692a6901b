/** Levels of JSON that a record may have. */
const maxLevels = 200;
/** Bytes of UTF-8 that a document id may have. */
const maxIdBytes = 512;

export interface BadRecord {
  value: Buffer;
  /** Code in the header `__error_code` of the error record. */
  rejection: string;
}

/** Fields of the access log whose type the first good documents have fixed: a bad record below breaks each of them. */
export const conflictingFields = ['status', 'durationMs'] as const;

/** Each of them has to end in the error topic for a reason of its own; see `goodRecord` for what it looks like else. */
export function badRecords(): BadRecord[] {
  const bad = (rejection: string, text: string): BadRecord => ({ rejection, value: Buffer.from(text) });
  const like = (changes: object) => JSON.stringify({ ...request('/orders/bad'), ...changes });
  return [
    bad('DOCUMENT_REJECTED', like({ status: { code: 418, text: "I'm a teapot" } })),
    bad('DOCUMENT_REJECTED', like({ durationMs: 'fast' })),
    bad('DOCUMENT_REJECTED', like({}).replace('{', '{"method":"PUT",')),
    bad('DOCUMENT_ID_INVALID', like({ __id: { order: 4711 } })),
    bad('DOCUMENT_ID_INVALID', like({ __id: 'ä'.repeat(maxIdBytes / 2 + 1) })),
    bad('JSON_TOO_DEEP', `{"a":${'['.repeat(maxLevels)}${']'.repeat(maxLevels)}}`),
  ];
}

/** A record like those of the access log, to stand right beside a bad one. */
export function goodRecord(number: number): Buffer {
  return Buffer.from(JSON.stringify(request(`/orders/${number}`)));
}

function request(path: string) {
  return { level: 'info', method: 'GET', path, status: 200, durationMs: 1.25, msg: 'request', note: 'by hand' };
}
