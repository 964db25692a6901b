import fc from 'fast-check';

/** White space between tokens, mostly none. */
const space = fc.oneof(
  { weight: 5, arbitrary: fc.constant('') },
  fc.array(fc.constantFrom(' ', '\t', '\n', '\r'), { maxLength: 3 }).map((parts) => parts.join('')),
);

const escape = fc.oneof(
  fc.constantFrom('\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\\ud800', '\\uDC00', '\\u0000', '\\u005F'),
  fc.integer({ min: 0, max: 0xffff }).map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`),
);
const plain = fc
  .string({ unit: 'binary', maxLength: 4 })
  // eslint-disable-next-line no-control-regex -- the characters that JSON does not allow in a string
  .map((text) => text.toWellFormed().replace(/["\\\u0000-\u001f]/g, ''));

/** A JSON string with its quotes: plain characters of all planes, escapes, halves of surrogate pairs as escapes. */
export const jsonString = fc.array(fc.oneof(plain, escape), { maxLength: 4 }).map((parts) => `"${parts.join('')}"`);

const digits = fc.array(fc.constantFrom(...'0123456789'.split('')), { minLength: 1, maxLength: 25 });
const whole = fc.oneof(
  fc.constant('0'),
  fc.tuple(fc.constantFrom(...'123456789'.split('')), digits).map(([first, rest]) => first + rest.join('')),
);
const fraction = fc.oneof(
  fc.constant(''),
  digits.map((parts) => `.${parts.join('')}`),
);
const exponent = fc.oneof(
  fc.constant(''),
  fc
    .tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.integer({ min: 0, max: 999 }))
    .map(([letter, sign, power]) => `${letter}${sign}${power}`),
);

/** A JSON number in any spelling, also beyond what a double holds. */
export const jsonNumber = fc.tuple(fc.constantFrom('', '-'), whole, fraction, exponent).map((parts) => parts.join(''));

const scalar = fc.oneof(jsonString, jsonNumber, fc.constantFrom('true', 'false', 'null'));

/** Puts white space around the parts of a list. */
function list(open: string, items: fc.Arbitrary<string>, close: string): fc.Arbitrary<string> {
  return fc
    .tuple(space, fc.array(fc.tuple(space, items, space), { maxLength: 4 }))
    .map(([inner, parts]) => `${open}${inner}${parts.map((part) => part.join('')).join(',')}${close}`);
}

/** A JSON object or, below the top level, any value. */
export function jsonValue(depth: number): fc.Arbitrary<string> {
  if (depth === 0) {
    return scalar;
  }
  const below = jsonValue(depth - 1);
  return fc.oneof(scalar, list('[', below, ']'), jsonObject(below));
}

function jsonObject(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const member = fc
    .tuple(jsonString, space, space, value)
    .map(([key, before, after, text]) => `${key}${before}:${after}${text}`);
  return list('{', member, '}');
}

/** A JSON object with white space around it. */
export function jsonText(depth = 3): fc.Arbitrary<string> {
  return fc.tuple(space, jsonObject(jsonValue(depth)), space).map((parts) => parts.join(''));
}

/** A change of a few bytes: overwritten, left out or put in, mostly with bytes that mean something in JSON. */
export function mutation(): fc.Arbitrary<(bytes: Buffer) => Buffer> {
  const byte = fc.oneof(
    fc.constantFrom(...Buffer.from('{}[]",:\\u0123456789eE+-. \n\ttruefalsn')),
    fc.integer({ min: 0, max: 255 }),
  );
  const change = fc.record({ at: fc.nat(), kind: fc.constantFrom('set', 'remove', 'insert'), byte });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => (bytes) => {
    const list = [...bytes];
    for (const { at, kind, byte } of changes) {
      const place = at % (list.length + 1);
      list.splice(place, kind === 'insert' ? 0 : 1, ...(kind === 'remove' ? [] : [byte]));
    }
    return Buffer.from(list);
  });
}
