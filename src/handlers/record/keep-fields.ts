import { Byte } from '../../json/byte.js';
import { readElements } from '../../json/elements.js';
import { readMembers } from '../../json/members.js';
import type { FieldPath } from './field-path.js';

/** What stays of a container: members or elements by name, each whole or in part. */
export type KeptNames = Map<string, KeptNames | 'whole'>;

/** A member or an element, as positions; `start` is where its key begins, if it has one. */
interface Part {
  /** Undefined of a member after which another one has the same name. */
  name: string | undefined;
  start: number;
  valueStart: number;
  end: number;
}

export function keptNames(paths: readonly FieldPath[]): KeptNames {
  const root: KeptNames = new Map();
  for (const { segments } of paths) {
    let level = root;
    for (const [depth, { name }] of segments.entries()) {
      const known = level.get(name);
      if (known === 'whole') {
        break;
      }
      if (depth === segments.length - 1) {
        level.set(name, 'whole');
        break;
      }
      const below: KeptNames = known ?? (new Map() as KeptNames);
      level.set(name, below);
      level = below;
    }
  }
  return root;
}

/**
 * The object, or array, at [start, end) with what is kept of it, as it is spelled and in its order; undefined when that is
 * nothing. Of several members with one name it is the last that counts. `isKept` tells of further members by their name.
 */
export function keepFields(
  bytes: Buffer,
  { start, end }: { start: number; end: number },
  names: KeptNames,
  isKept: (name: string) => boolean = () => false,
): Buffer | undefined {
  const kept: Buffer[] = [];
  const parts = partsOf(bytes, start, end);
  for (const [index, part] of parts.entries()) {
    const { name } = part;
    const value = name === undefined ? undefined : keptValue(bytes, part, isKept(name) ? 'whole' : names.get(name));
    if (value) {
      // With the comma and the white space that stand before it, so that a record keeps its layout.
      const from = kept.length > 0 ? parts[index - 1]?.end : undefined;
      kept.push(bytes.subarray(from ?? part.start, part.valueStart), value);
    }
  }
  const [first, last] = [parts[0], parts.at(-1)];
  return first && last && kept.length > 0
    ? Buffer.concat([bytes.subarray(start, first.start), ...kept, bytes.subarray(last.end, end)])
    : undefined;
}

function keptValue(bytes: Buffer, part: Part, kept: KeptNames | 'whole' | undefined): Buffer | undefined {
  if (kept === 'whole') {
    return bytes.subarray(part.valueStart, part.end);
  }
  return kept && keepFields(bytes, { start: part.valueStart, end: part.end }, kept);
}

/** Of a value that is no container: none. */
function partsOf(bytes: Buffer, start: number, end: number): Part[] {
  switch (bytes[start]) {
    case Byte.OPEN_BRACE:
      return membersOf(bytes, start, end);
    case Byte.OPEN_BRACKET:
      return readElements(bytes, start, end).map((element, index) => ({
        ...{ name: String(index), start: element.start, valueStart: element.start },
        end: element.end,
      }));
    default:
      return [];
  }
}

function membersOf(bytes: Buffer, start: number, end: number): Part[] {
  const members = readMembers(bytes, start, end);
  const last = new Map(members.map((member) => [member.key, member]));
  return members.map((member) => ({
    name: last.get(member.key) === member ? member.key : undefined,
    ...{ start: member.keyStart, valueStart: member.valueStart, end: member.valueEnd },
  }));
}
