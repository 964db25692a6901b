import type { RecordContent } from './input-record.js';

const megabyte = 1_000_000;
const nestingLimit = 200;

/** A JSON object without line breaks. */
export function jsonObject(n: number): RecordContent {
  return spliced(`{"n":${n},"service":"shop","level":"info","note":"line \\"${n}\\" of ünïcode 漢字 \\u00e9"}`);
}

export function prettyPrinted(n: number): RecordContent {
  const text = JSON.stringify({ n, request: { method: 'GET', codes: [200, 304] } }, undefined, 2);
  return spliced(n % 2 === 0 ? text : text.replaceAll('\n', '\r\n'));
}

/** Integers that a double cannot hold, and numbers whose spelling says more than their value. */
export function largeIntegers(n: number): RecordContent {
  return spliced(
    `{"n":${n},"big":9007199254740993,"unsigned":18446744073709551615,"low":-9223372036854775808,"price":1.10,"ratio":1.5E+3}`,
  );
}

export function emptyObject(): RecordContent {
  return { value: Buffer.from('{}'), expected: { outcome: 'indexed', document: (annotations) => `{${annotations}}` } };
}

export function oneMegabyte(n: number): RecordContent {
  return spliced(`{"n":${n},"blob":"${'x'.repeat(megabyte)}"}`);
}

export function plainText(n: number): RecordContent {
  return asMessage(Buffer.from(`2026-01-02 ERROR request ${n}: "shop" said\tC:\\tmp\nwith a second line`));
}

/** JSON, but no object. */
export function scalarOrArray(n: number): RecordContent {
  return asMessage(Buffer.from(n % 2 === 0 ? `[${n}, {"a": 1}]` : String(n)));
}

export function invalidUtf8(n: number): RecordContent {
  const value = Buffer.concat([Buffer.from(`caf`), Buffer.from([0xe9, 0x20, 0xff, 0xc3]), Buffer.from(` ${n}`)]);
  return asMessage(value, true);
}

/** So large that a few tens of thousands do not fit into the memory of a task at once. */
export function kilobyte(n: number): RecordContent {
  return spliced(`{"n":${n},"padding":"${'p'.repeat(1000)}"}`);
}

/** A time of its own, with another offset and more digits than milliseconds have. */
export function ownTimestamp(n: number): RecordContent {
  const timestamp = String(Date.parse('2026-01-02T03:04:05.678+02:00'));
  return {
    value: Buffer.from(`{"@timestamp":"2026-01-02T03:04:05.678901+02:00","n":${n}}`),
    expected: { outcome: 'indexed', timestamp, document: (annotations) => `{"n":${n},${annotations}}` },
  };
}

/** Records with the same id overwrite each other. */
export function ownId(n: number, id: string): RecordContent {
  return {
    value: Buffer.from(`{"__id":"${id}","n":${n}}`),
    expected: { outcome: 'indexed', ownId: id, document: (annotations) => `{"n":${n},${annotations}}` },
  };
}

/** `message` is a text wherever the service makes the index. */
export function mappingConflict(n: number): RecordContent {
  return {
    value: Buffer.from(`{"n":${n},"message":{"not":"a text"}}`),
    expected: { outcome: 'rejected', code: 'DOCUMENT_REJECTED', stage: 'index' },
  };
}

export function unusableId(n: number): RecordContent {
  return {
    value: Buffer.from(`{"n":${n},"__id":["no","id"]}`),
    expected: { outcome: 'rejected', code: 'DOCUMENT_ID_INVALID', stage: 'annotate' },
  };
}

export function tooDeep(n: number): RecordContent {
  const levels = nestingLimit + 1;
  return {
    value: Buffer.from(`${'{"a":'.repeat(levels)}${n}${'}'.repeat(levels)}`),
    expected: { outcome: 'rejected', code: 'JSON_TOO_DEEP', stage: 'json' },
  };
}

export function tombstone(): RecordContent {
  return { value: null, expected: { outcome: 'skipped' } };
}

/** An object with at least one member and nothing after its last brace: annotations go before that. */
function spliced(text: string): RecordContent {
  return {
    value: Buffer.from(text),
    expected: { outcome: 'indexed', document: (annotations) => `${text.slice(0, -1)},${annotations}}` },
  };
}

function asMessage(value: Buffer, isRecoded = false): RecordContent {
  const message = JSON.stringify(value.toString('utf8'));
  return {
    value,
    expected: { outcome: 'indexed', isRecoded, document: (annotations) => `{"message":${message},${annotations}}` },
  };
}
