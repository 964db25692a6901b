import { isIPv6 } from 'node:net';
import type { TextRange } from './text-range.js';

const CANDIDATE = /[0-9A-Fa-f:.]+/g;
const WORD = /\w/;
/** As long as an address can be, and a few characters that do not belong to it. */
const MAX_CANDIDATE_CHARACTERS = 64;

/** IPv6 addresses, also those that end as IPv4. Names with colons, such as `std::add`, are none. */
export function findIpv6Addresses(text: string): TextRange[] {
  const found: TextRange[] = [];
  for (const { 0: candidate, index } of text.matchAll(CANDIDATE)) {
    const range = candidate.length <= MAX_CANDIDATE_CHARACTERS && addressIn(text, index, index + candidate.length);
    if (range) {
      found.push(range);
    }
  }
  return found;
}

function addressIn(text: string, from: number, to: number): TextRange | undefined {
  // `ip:fe80::1` is a word and then an address; `ff::1z` is none.
  const start = startOf(text, WORD.test(text[from - 1] ?? ' ') ? text.indexOf(':', from) + 1 : from);
  const end = endOf(text, to);
  const isAddress = start >= from && !WORD.test(text[to] ?? ' ') && isIPv6(text.slice(start, end));
  return isAddress ? { start, end } : undefined;
}

function startOf(text: string, from: number): number {
  return text[from] === ':' && text[from + 1] !== ':' ? from + 1 : from;
}

/** A sentence or a list may go on with these. */
function endOf(text: string, to: number): number {
  let end = to;
  while (text[end - 1] === '.' || (text[end - 1] === ':' && text[end - 2] !== ':')) {
    end--;
  }
  return end;
}
