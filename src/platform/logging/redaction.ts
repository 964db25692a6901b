import { MIN_CENSORED_LENGTH } from '../../config/secret.js';

const CENSOR = '******';
const SECRET_KEYS = ['password', 'passwd', 'secret', 'token', 'authorization', 'cookie', 'apiKey'];
const DEPTHS = ['', '*.', '*.*.', '*.*.*.'];

/** By field name; `headers` of an HTTP message included. */
export const redactedFields = {
  paths: DEPTHS.flatMap((depth) => SECRET_KEYS.map((key) => depth + key)),
  censor: CENSOR,
};

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
