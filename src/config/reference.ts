/** What a secret's value may be instead of the secret itself. */
export type Reference =
  | { kind: 'env'; name: string }
  | { kind: 'file'; path: string }
  | { kind: 'enc'; text: string }
  /** `${...}` of another kind. */
  | { kind: 'unknown' }
  /** A reference with other text around it. */
  | { kind: 'embedded' };

const WHOLE = /^\$\{(.*)\}$/s;
const KNOWN = /^(env|file|enc):(.*)$/s;
const ANYWHERE = /\$\{(env|file|enc):/;

/** Undefined for plain text. Blanks around the whole are not part of it. */
export function referenceIn(text: string): Reference | undefined {
  const inner = WHOLE.exec(text.trim())?.[1];
  const [, kind, argument = ''] = KNOWN.exec(inner ?? '') ?? [];
  // Two references in a row look like one that is odd inside.
  if (ANYWHERE.test(kind === undefined ? text : argument)) {
    return { kind: 'embedded' };
  }
  switch (kind) {
    case 'env':
      return { kind, name: argument };
    case 'file':
      return { kind, path: argument };
    case 'enc':
      return { kind, text: argument };
    default:
      return inner === undefined ? undefined : { kind: 'unknown' };
  }
}

/** True when the value, or a text inside it, holds a reference of a known kind. */
export function holdsReference(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).some(holdsReference);
  }
  return typeof value === 'string' && ANYWHERE.test(value);
}
