import { stdSerializers } from 'pino';
import { MIN_CENSORED_LENGTH } from '../../config/secret.js';

const CENSOR = '******';
const SECRET_KEYS = new Set(['password', 'passwd', 'secret', 'token', 'authorization', 'cookie', 'apikey']);
/** What libraries hand over may refer to itself. */
const MAX_DEPTH = 8;

/**
 * By field name, at any depth: the fields of a line as they may be written. Never throws, whatever a library has put there
 * (pino's own redaction does, at the sight of a Buffer). Bytes become their number.
 */
export function withoutSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  return ofObject(fields, 0);
}

/**
 * By value: removes the given secrets from a finished log line, wherever a library's message has carried them.
 * Undefined when there is nothing to look for.
 */
export function censorOf(secrets: readonly string[]): ((line: string) => string) | undefined {
  const forms = secrets
    .filter((secret) => secret.length >= MIN_CENSORED_LENGTH)
    .flatMap((secret) => [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    // Of two that begin alike, the shorter one would leave the end of the longer one.
    .toSorted((one, other) => other.length - one.length);
  if (forms.length === 0) {
    return undefined;
  }
  return (line) => forms.reduce((text, form) => text.replaceAll(form, CENSOR), line);
}

function ofObject(value: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    entriesOf(value).map(([key, child]) => [key, isSecret(key, child) ? CENSOR : ofValue(child, depth + 1)]),
  );
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

function ofValue(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') {
    return String(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (depth > MAX_DEPTH) {
    return '...';
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return `${value.byteLength} bytes`;
  }
  if (value instanceof Error) {
    return ofObject(stdSerializers.err(value), depth);
  }
  if (Array.isArray(value)) {
    return value.map((item) => ofValue(item, depth + 1));
  }
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === 'function' ? ofValue(toJSON.call(value), depth + 1) : ofObject(value, depth);
}

/** Numbers of that name are something else, such as the keys of Kafka's requests. */
function isSecret(key: string, value: unknown): boolean {
  return (
    SECRET_KEYS.has(key.toLowerCase()) && (typeof value === 'string' || typeof value === 'object') && value !== null
  );
}
