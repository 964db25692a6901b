import { stdSerializers } from 'pino';

const MAX_DEPTH = 8;

/**
 * The fields of a line as plain data. Redaction copies what it walks through, and throws at objects that do not survive a
 * copy (a Buffer, a URL): a line about an error that carries one would be an error of its own.
 */
export function plainFields(fields: object): Record<string, unknown> {
  // pino's serializer of `err` needs the error itself; what it makes of it comes to plainError.
  return Object.fromEntries(
    entriesOf(fields).map(([key, value]) => [key, key === 'err' && value instanceof Error ? value : plain(value, 1)]),
  );
}

/** What pino makes of an error, its own fields included, as plain data. */
export function plainError(error: Error): unknown {
  return plain(stdSerializers.err(error), 1);
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') {
    return String(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return `[${value.byteLength} bytes]`;
  }
  if (depth > MAX_DEPTH) {
    return '[too deep]';
  }
  if (Array.isArray(value)) {
    return value.map((item) => plain(item, depth + 1));
  }
  if (value instanceof Error) {
    return plain(stdSerializers.err(value), depth + 1);
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return plain((value as { toJSON(): unknown }).toJSON(), depth + 1);
  }
  return Object.fromEntries(entriesOf(value).map(([key, child]) => [key, plain(child, depth + 1)]));
}

/** A getter that throws has nothing to say. */
function entriesOf(value: object): [string, unknown][] {
  return Object.keys(value).map((key) => {
    try {
      return [key, (value as Record<string, unknown>)[key]];
    } catch {
      return [key, '[unreadable]'];
    }
  });
}
