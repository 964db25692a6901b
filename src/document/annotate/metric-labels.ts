import { hash } from 'node:crypto';
import { Field } from '../ensure/field.js';
import type { JsonScanner } from '../ensure/json-scanner.js';
import { decodeString, findMember, isObjectAt, isStringAt, type Member, readMembers } from '../../json/members.js';
import type { ByteRange } from './byte-range.js';

/** The labels of a metric record, as the JSON object that stands at `range`. */
export interface MetricLabels {
  range: ByteRange;
  /** What has to go from `prometheus` when they move to the top level; empty when they are there already. */
  cuts: ByteRange[];
  /** MD5 over the labels, in hexadecimal digits. */
  tsid: string;
}

/**
 * The labels of a record, from its member `labels` or, only when it has none, from `prometheus.labels`. Undefined when
 * there are none, or when they are not an object with members.
 */
export function findLabels(scanner: JsonScanner): MetricLabels | undefined {
  const own = scanner.lastHitOf(Field.labels);
  if (own >= 0) {
    return labelsAt(scanner.bytes, { start: scanner.valueStartAt(own), end: scanner.valueEndAt(own) }, []);
  }
  const prometheus = scanner.lastHitOf(Field.prometheus);
  const start = prometheus >= 0 ? scanner.valueStartAt(prometheus) : 0;
  if (prometheus < 0 || !isObjectAt(scanner.bytes, start)) {
    return undefined;
  }
  const members = readMembers(scanner.bytes, start, scanner.valueEndAt(prometheus));
  const labels = findMember(members, 'labels');
  const range = labels && { start: labels.valueStart, end: labels.valueEnd };
  return range && labelsAt(scanner.bytes, range, cutsOf(members, 'labels'));
}

function labelsAt(bytes: Buffer, range: ByteRange, cuts: ByteRange[]): MetricLabels | undefined {
  const members = isObjectAt(bytes, range.start) ? readMembers(bytes, range.start, range.end) : [];
  return members.length > 0 ? { range, cuts, tsid: tsidOf(bytes, members) } : undefined;
}

/** Of two labels of the same name the last counts. Pairs are sorted by UTF-16 code unit. */
function tsidOf(bytes: Buffer, members: readonly Member[]): string {
  const values = new Map(members.map((member) => [member.key, textOf(bytes, member)]));
  const pairs = [...values].map(([name, value]) => `${name}=${value}`).sort();
  return hash('md5', pairs.join(','), 'hex');
}

/** A string's text; of any other value its JSON as it stands in the record. */
function textOf(bytes: Buffer, { valueStart, valueEnd }: Member): string {
  return isStringAt(bytes, valueStart)
    ? decodeString(bytes, valueStart, valueEnd)
    : bytes.toString('utf8', valueStart, valueEnd);
}

/** The ranges to leave out so that the object loses all members of that name and its commas stay right. */
function cutsOf(members: readonly Member[], key: string): ByteRange[] {
  const lastKept = members.findLastIndex((member) => member.key !== key);
  const cuts = members
    .slice(0, lastKept + 1)
    .filter((member) => member.key === key)
    .map((member) => ({ start: member.keyStart, end: member.next }));
  const first = members[0];
  const last = members.at(-1);
  if (first && last && lastKept < members.length - 1) {
    cuts.push({ start: members[lastKept]?.valueEnd ?? first.keyStart, end: last.valueEnd });
  }
  return cuts;
}
