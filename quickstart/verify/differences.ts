import { isDeepStrictEqual } from 'node:util';

const shownProblems = 3;
const shownCharacters = 120;

/** What is missing, there more than once, or there without being expected; empty when each is there exactly once. */
export function idProblems(expected: Iterable<string>, found: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const id of found) counts.set(id, (counts.get(id) ?? 0) + 1);
  const wanted = new Set(expected);
  return [
    ...[...wanted].filter((id) => !counts.has(id)).map((id) => `${id} is missing`),
    ...[...counts.keys()].filter((id) => !wanted.has(id)).map((id) => `${id} is there without being expected`),
    ...[...counts].filter(([, count]) => count > 1).map(([id, count]) => `${id} is there ${count} times`),
  ];
}

/** The first field in which two documents differ, in words; undefined when they are alike. */
export function findDifference(
  found: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, unknown>>,
): string | undefined {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  for (const name of names) {
    if (!isDeepStrictEqual(found[name], expected[name])) {
      return `${name} is ${shown(found[name])}, not ${shown(expected[name])}`;
    }
  }
  return undefined;
}

/** The first few, and how many more there are. */
export function summarized(problems: readonly string[]): string {
  const more = problems.length - shownProblems;
  return problems.slice(0, shownProblems).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function shown(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
