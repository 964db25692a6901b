import type { TextRange } from './text-range.js';

/** Digits that stand together; a card number is one of these, or several with a space or a dash between them. */
const DIGITS = /[0-9]+/g;
const MIN_DIGITS = 13;
const MAX_DIGITS = 19;
/** The first digit of the card schemes; times in ms and µs, the most frequent long numbers of logs, begin with 1. */
const FIRST = /^[2-6]/;

/** Numbers of payment cards: of the right length, and with a check digit that is right. */
export function findCardNumbers(text: string): TextRange[] {
  const groups = [...text.matchAll(DIGITS)].map(({ 0: digits, index }) => ({ digits, start: index }));
  const found: TextRange[] = [];
  for (let i = 0; i < groups.length; i++) {
    const count = cardAt(text, groups, i);
    const last = groups[i + count - 1];
    if (count > 0 && last) {
      found.push({ start: groups[i]?.start ?? 0, end: last.start + last.digits.length });
      i += count - 1;
    }
  }
  return found;
}

/** How many groups from this one on are a card number, the most that are; 0 when none is. */
function cardAt(text: string, groups: readonly { digits: string; start: number }[], first: number): number {
  let digits = '';
  let count = 0;
  for (let i = first; i < groups.length; i++) {
    const group = groups[i] as { digits: string; start: number };
    if (i > first && !isJoined(text, groups[i - 1] as { digits: string; start: number }, group)) {
      break;
    }
    digits += group.digits;
    if (digits.length > MAX_DIGITS) {
      break;
    }
    count = digits.length >= MIN_DIGITS && FIRST.test(digits) && hasCheckDigit(digits) ? i - first + 1 : count;
  }
  return count;
}

function isJoined(text: string, left: { digits: string; start: number }, { start }: { start: number }): boolean {
  const end = left.start + left.digits.length;
  return start - end === 1 && (text[end] === ' ' || text[end] === '-');
}

/** The algorithm of Luhn: every second digit from the right is doubled, and the sum of all digits ends with 0. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
