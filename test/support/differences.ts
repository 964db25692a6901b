const shownExamples = 3;
const shownCharacters = 300;

export interface Differences {
  missing: string[];
  unexpected: string[];
  different: string[];
  counts: { missing: number; unexpected: number; different: number };
}

export const noDifferences: Differences = {
  missing: [],
  unexpected: [],
  different: [],
  counts: { missing: 0, unexpected: 0, different: 0 },
};

/** Where two maps differ: how often, and a few examples, short enough to be read. */
export function mapDifferences(
  expected: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
): Differences {
  const missing = [...expected.keys()].filter((key) => !actual.has(key));
  const unexpected = [...actual.keys()].filter((key) => !expected.has(key));
  const different = [...expected].filter(([key, value]) => actual.has(key) && actual.get(key) !== value);
  return {
    missing: missing.slice(0, shownExamples),
    unexpected: unexpected.slice(0, shownExamples).map((key) => `${key}: ${short(actual.get(key))}`),
    different: different
      .slice(0, shownExamples)
      .map(([key, value]) => `${key}: expected ${short(value)} but found ${short(actual.get(key))}`),
    counts: { missing: missing.length, unexpected: unexpected.length, different: different.length },
  };
}

/** The first place at which each pair of sequences differs; empty when they are the same. */
export function sequenceDifferences(
  expected: readonly (readonly string[])[],
  actual: readonly (readonly string[])[],
): string[] {
  const partitions = Array.from({ length: Math.max(expected.length, actual.length) }, (_, partition) => partition);
  return partitions.flatMap((partition) => {
    const [wanted, found] = [expected[partition] ?? [], actual[partition] ?? []];
    const length = Math.max(wanted.length, found.length);
    const at = Array.from({ length }, (_, index) => index).find((index) => wanted[index] !== found[index]);
    if (at === undefined) {
      return [];
    }
    const counts = `${found.length} records instead of ${wanted.length}`;
    return [`[${partition}] ${counts}; at ${at} expected ${short(wanted[at])} but found ${short(found[at])}`];
  });
}

function short(text: string | undefined): string {
  return text === undefined ? 'nothing' : text.slice(0, shownCharacters);
}
