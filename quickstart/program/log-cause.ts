import { readFile } from 'node:fs/promises';

const maxCauseCharacters = 300;

/** What a log says about why its program failed, as one line, also when it says nothing. */
export async function causeInLog(path: string): Promise<string> {
  const cause = causeOf(await readFile(path, 'utf8').catch(() => ''));
  return cause === '' ? 'its log gives no reason' : cause;
}

/**
 * The fault in a log: of JSON lines the last one that is an error, of others the first that names one, else the last of
 * those: other events of the program have nothing to do with it. Empty when there is none.
 */
export function causeOf(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => withoutColor(line).trim())
    .filter((line) => line !== '');
  const fault = lines.map(eventOf).findLast((event) => event?.level === 'error' || event?.level === 'fatal');
  const line = lines.find((candidate) => /\berror\b/i.test(candidate) && eventOf(candidate) === undefined);
  const last = lines.findLast((candidate) => eventOf(candidate) === undefined);
  const cause = fault?.text ?? line ?? last ?? '';
  return cause.length > maxCauseCharacters ? `${cause.slice(0, maxCauseCharacters)}…` : cause;
}

/** What a JSON line of the program says; undefined for every other line. */
function eventOf(line: string): { level: string; text: string } | undefined {
  try {
    const event = JSON.parse(line) as { level?: unknown; msg?: unknown; err?: { message?: unknown } } | null;
    if (typeof event?.level !== 'string') return undefined;
    const text = [event.msg, event.err?.message].filter((part) => typeof part === 'string').join(': ');
    return { level: event.level, text };
  } catch {
    return undefined;
  }
}

function withoutColor(line: string): string {
  // eslint-disable-next-line no-control-regex -- colours are made of control characters
  return line.replace(/\x1b\[[0-9;]*m/g, '');
}
