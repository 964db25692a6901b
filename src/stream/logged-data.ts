/** How much of a failed message a log line may hold, and what of it must not be told. */
export interface LoggedDataOptions {
  /** Characters; the rest is cut off. */
  maxCharacters: number;
  /** Names of fields, at any depth and in any case, whose values are masked. */
  maskedFields: readonly string[];
}

const MASK = '***';
/** Bytes beyond it are not looked into: what cannot be read cannot be masked. */
const MAX_READ_BYTES = 256 * 1024;

/**
 * A message as text for a log line: fields masked, bytes read as text and, where they are JSON, masked as well; cut to the
 * limit. Never throws.
 */
export function loggedData(data: unknown, { maxCharacters, maskedFields }: LoggedDataOptions): string {
  const masked = new Set(maskedFields.map((name) => name.toLowerCase()));
  const text = asText(data, masked);
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}… (${text.length} characters)` : text;
}

function asText(data: unknown, masked: ReadonlySet<string>): string {
  try {
    return typeof data === 'string' ? readText(data, masked) : (JSON.stringify(data, masking(masked)) ?? String(data));
  } catch (error) {
    return `(cannot be shown: ${error instanceof Error ? error.message : String(error)})`;
  }
}

function masking(masked: ReadonlySet<string>) {
  return function replace(this: unknown, key: string, value: unknown): unknown {
    if (masked.has(key.toLowerCase())) {
      return MASK;
    }
    const given = (this as Record<string, unknown>)[key];
    if (given instanceof Uint8Array) {
      return readBytes(given, masked);
    }
    return typeof value === 'bigint' ? value.toString() : value;
  };
}

function readBytes(bytes: Uint8Array, masked: ReadonlySet<string>): string {
  if (bytes.length > MAX_READ_BYTES) {
    return `(${bytes.length} bytes)`;
  }
  return readText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'), masked);
}

function readText(text: string, masked: ReadonlySet<string>): string {
  const isJson = /^\s*[[{]/.test(text);
  if (!isJson || masked.size === 0) {
    return text;
  }
  try {
    return JSON.stringify(JSON.parse(text), masking(masked));
  } catch {
    return text;
  }
}
