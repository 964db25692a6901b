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
  const cause = lines.map(faultOf).findLast((fault) => fault !== undefined);
  const line = cause ?? lines.find((candidate) => /\berror\b/i.test(candidate)) ?? lines.at(-1) ?? '';
  return line.length > maxCauseCharacters ? `${line.slice(0, maxCauseCharacters)}…` : line;
}

/** The text of a JSON line whose level is error or fatal; undefined for every other line. */
function faultOf(line: string): string | undefined {
  try {
    const event = JSON.parse(line) as { level?: unknown; msg?: unknown; err?: { message?: unknown } } | null;
    if (event?.level !== 'error' && event?.level !== 'fatal') return undefined;
    return [event.msg, event.err?.message].filter((part) => typeof part === 'string').join(': ');
  } catch {
    return undefined;
  }
}

function withoutColor(line: string): string {
  // eslint-disable-next-line no-control-regex -- colours are made of control characters
  return line.replace(/\x1b\[[0-9;]*m/g, '');
}
