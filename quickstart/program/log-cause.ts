import { readFile } from 'node:fs/promises';

const maxCauseCharacters = 300;

/** What a log says about why its program failed, as one line; empty when it says nothing. */
export async function causeInLog(path: string): Promise<string> {
  return causeOf(await readFile(path, 'utf8').catch(() => ''));
}

/** The last fault of a log: of JSON lines the last one that is an error, of others the first that names one. */
export function causeOf(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => withoutColor(line).trim())
    .filter((line) => line !== '');
  const fault = lines.map(eventOf).findLast((event) => event?.level === 'error' || event?.level === 'fatal');
  const line = lines.find((candidate) => /\berror\b/i.test(candidate) && eventOf(candidate) === undefined);
  const cause = fault?.text ?? line ?? eventOf(lines.at(-1) ?? '')?.text ?? lines.at(-1) ?? '';
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
