/** A number as it is spelled: 12.50 is not 12.5, and no digit is lost. */
class Spelled {
  constructor(readonly text: string) {}
}

export type ExactJson = Spelled | string | boolean | null | ExactJson[] | Map<string, ExactJson>;

export interface Difference {
  /** `.items[0].price`, from the place of the whole value. */
  place: string;
  /** JSON; undefined where nothing is expected, or there. */
  expected: string | undefined;
  actual: string | undefined;
}

const MAX_SHOWN_CHARACTERS = 500;

/** Of a name that comes twice the last value counts. Throws for what is no JSON. */
export function parseExact(text: string): ExactJson {
  const revive = (_name: string, value: unknown, { source }: { source: string }): unknown => {
    if (typeof value === 'number') {
      return new Spelled(source);
    }
    const isMembers = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isMembers ? new Map(Object.entries(value)) : value;
  };
  // The parser hands over the source text of a number, which its types do not know yet.
  return JSON.parse(text, revive as (name: string, value: unknown) => unknown) as ExactJson;
}

/** Where two values differ; the order of members does not count. */
export function differences(expected: ExactJson, actual: ExactJson, place = ''): Difference[] {
  if (expected instanceof Map && actual instanceof Map) {
    return [...new Set([...expected.keys(), ...actual.keys()])].flatMap((name) =>
      ofPart(expected.get(name), actual.get(name), `${place}.${name.replaceAll('.', '\\.')}`),
    );
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const longer = expected.length > actual.length ? expected : actual;
    return longer.flatMap((_part, at) => ofPart(expected[at], actual[at], `${place}[${at}]`));
  }
  return spell(expected) === spell(actual) ? [] : [{ place, expected: shown(expected), actual: shown(actual) }];
}

function ofPart(expected: ExactJson | undefined, actual: ExactJson | undefined, place: string): Difference[] {
  return expected !== undefined && actual !== undefined
    ? differences(expected, actual, place)
    : [{ place, expected: shown(expected), actual: shown(actual) }];
}

function spell(value: ExactJson): string {
  if (value instanceof Spelled) {
    return value.text;
  }
  if (value instanceof Map) {
    return `{${[...value].map(([name, part]) => `${JSON.stringify(name)}:${spell(part)}`).join(',')}}`;
  }
  return Array.isArray(value) ? `[${value.map(spell).join(',')}]` : JSON.stringify(value);
}

function shown(value: ExactJson | undefined): string | undefined {
  const text = value === undefined ? undefined : spell(value);
  return text !== undefined && text.length > MAX_SHOWN_CHARACTERS
    ? `${text.slice(0, MAX_SHOWN_CHARACTERS).toWellFormed()}...`
    : text;
}
