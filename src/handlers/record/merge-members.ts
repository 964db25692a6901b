import { encodeString, type Member, readMembers } from '../../json/members.js';
import type { JsonDocument } from './json-document.js';

/** JSON values by the names of their members, which are no paths: a dot in one is a dot. */
export type Members = ReadonlyMap<string, Buffer>;

/** An object of these members. */
export function objectOf(members: Members): Buffer {
  return Buffer.concat([OPEN, ...listed(members), CLOSE]);
}

/**
 * Puts members at the top of the record, as so many calls of {@link JsonDocument.set} would: a name that it has gets its
 * value where it stands, the others come to its end. Copies the record once, however many they are.
 */
export function mergeMembers(record: JsonDocument, members: Members): void {
  const { bytes, object } = record;
  const present = readMembers(bytes, object.start, object.end);
  const last = new Map(present.map((member) => [member.key, member]));
  const parts: Buffer[] = [];
  let copied = object.start;
  for (const member of present) {
    const value = members.get(member.key);
    if (value) {
      const { cutStart, cutEnd, put } = replacement(member, last.get(member.key) === member ? value : undefined);
      parts.push(bytes.subarray(copied, cutStart), put);
      copied = cutEnd;
    }
  }
  const added = new Map([...members].filter(([name]) => !last.has(name)));
  const comma = added.size > 0 && present.length > 0 ? [COMMA] : [];
  parts.push(bytes.subarray(copied, object.end - 1), ...comma, ...listed(added), CLOSE);
  record.replaceObject(Buffer.concat(parts));
}

/** Without a value the member goes, with the comma after it: one of the same name is still to come. */
function replacement({ keyStart, valueStart, valueEnd, next }: Member, value: Buffer | undefined) {
  return value
    ? { cutStart: valueStart, cutEnd: valueEnd, put: value }
    : { cutStart: keyStart, cutEnd: next, put: NOTHING };
}

function listed(members: Members): Buffer[] {
  return [...members].map(([name, value], index) =>
    Buffer.concat([index === 0 ? NOTHING : COMMA, encodeString(name), COLON, value]),
  );
}

const OPEN = Buffer.from('{');
const CLOSE = Buffer.from('}');
const COLON = Buffer.from(':');
const COMMA = Buffer.from(',');
const NOTHING = Buffer.alloc(0);
