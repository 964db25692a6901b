import { RE2JS } from 're2js';
import { visitMatches } from '../find-matches.js';
import { findCardNumbers } from './card-numbers.js';
import { findIpv6Addresses } from './ipv6-addresses.js';
import type { RangeFinder, TextRange } from './text-range.js';

const raw = String.raw;
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';

/** Finds what a pattern matches or, of each match, one of its groups. */
export function findByPattern(pattern: RE2JS, group = 0): RangeFinder {
  return (text, time) => {
    const ranges: TextRange[] = [];
    const fault = visitMatches(pattern, text, time, (match) => {
      ranges.push({ start: match.start(group), end: match.end(group) });
      return true;
    });
    return fault ?? ranges.filter(({ start, end }) => start < end);
  };
}

/** What can be masked by name. */
export const REDACT_PRESETS: Readonly<Record<string, RangeFinder>> = {
  email: findByPattern(
    RE2JS.compile(
      raw`[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)+`,
    ),
  ),
  credit_card: findCardNumbers,
  ipv4: findByPattern(RE2JS.compile(raw`\b(?:${OCTET}\.){3}${OCTET}\b`)),
  ipv6: findIpv6Addresses,
  bearer_token: findByPattern(RE2JS.compile(raw`(?i)\bbearer[ \t]+([A-Za-z0-9._~+/-]+=*)`), 1),
};
