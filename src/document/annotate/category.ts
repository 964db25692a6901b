import { Byte } from '../../json/byte.js';
import { decodeString } from '../../json/members.js';

/** Categories that have annotations of their own; all others are `plain`. */
export type CategoryKind = 'metric' | 'trace' | 'plain';

/** Longest spelling of the two, with all letters as escapes, and quotes. */
const LONGEST_SPELLING = 'metric'.length * 6 + 2;

export function kindOfCategory(category: string): CategoryKind {
  return category === 'metric' || category === 'trace' ? category : 'plain';
}

/** The kind that the JSON string at [start, end) names. */
export function kindOfSpelling(bytes: Buffer, start: number, end: number): CategoryKind {
  return end - start > LONGEST_SPELLING ? 'plain' : kindOfCategory(decodeString(bytes, start, end));
}

/** The JSON value at [start, end) is a string that is not empty. */
export function isFilledString(bytes: Buffer, start: number, end: number): boolean {
  return bytes[start] === Byte.QUOTE && end - start > 2;
}
