/** What is wrong with a member of a value; its code depends on where the value stands. */
export interface MemberFault {
  field: string;
  fault: string;
  limit?: string;
}

export interface MemberRule {
  /** Called with any JSON value but null, which counts as left out. */
  isKept: (value: unknown) => boolean;
  fault: string;
  limit?: string;
}

const MAX_SHOWN_CHARACTERS = 100;

/** Holds the members of an object that is an element of a list, where decorators do not reach, against their rules. */
export function memberFaults(
  value: unknown,
  field: string,
  rules: Readonly<Record<string, MemberRule>>,
): MemberFault[] {
  if (!isObject(value)) {
    return [{ field, fault: 'must be an object' }];
  }
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const place = `${field}.${name.slice(0, MAX_SHOWN_CHARACTERS).toWellFormed()}`;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) {
      return [{ field: place, fault: 'is not known' }];
    }
    const { isKept, ...told } = rule;
    return member === null || isKept(member) ? [] : [{ field: place, ...told }];
  });
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text that UTF-8 can write, of so many characters. */
export function textRule(maxCharacters: number, minCharacters = 0): MemberRule {
  return {
    isKept: (value) =>
      typeof value === 'string' &&
      value.isWellFormed() &&
      value.length >= minCharacters &&
      (value.length <= maxCharacters || Array.from(value).length <= maxCharacters),
    fault: 'is not a text of the allowed form',
    limit:
      maxCharacters === Infinity
        ? 'Unicode text'
        : `Unicode text of ${minCharacters ? `${minCharacters} to` : 'at most'} ${maxCharacters} characters`,
  };
}

export function wholeRule(min: number, max: number): MemberRule {
  return {
    isKept: (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
    fault: 'is not a whole number in the range',
    limit: `${min} to ${max}`,
  };
}
