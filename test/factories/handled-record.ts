import type { Expected, InputRecord } from './input-record.js';

/** A record of the first partition of which the handlers make `document`, before the service's members are put in. */
export function documented(value: string, document: string): InputRecord {
  return handled(value, { outcome: 'indexed', document: (annotations) => `${document.slice(0, -1)},${annotations}}` });
}

/** One that a handler of this type leaves out of the documents, for the error topic. */
export function rejectedBy(type: string, code: string, value: string): InputRecord {
  return handled(value, { outcome: 'rejected', code, stage: `handler:${type}` });
}

/** One of which nothing comes. */
export function dropped(value: string): InputRecord {
  return handled(value, { outcome: 'skipped' });
}

function handled(value: string, expected: Expected): InputRecord {
  return { value: Buffer.from(value), expected, partition: 0, key: null, headers: {}, timestamp: Date.now() };
}
