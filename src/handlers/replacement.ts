import type { Matcher, RE2JS } from 're2js';
import { OptionFault } from './handler-type.js';

/** A constant, or the number of a group. */
type ReplacementPart = string | number;

const TOKEN = /\$(?:(\$)|(\d{1,2})|\{(\w+)\})?/g;

/** What stands in the place of a match: `$1`, `${name}`, `$0` for all of it, `$$` for a dollar. */
export function compileReplacement(option: string, text: string, pattern: RE2JS): (match: Matcher) => string {
  const parts: ReplacementPart[] = [];
  let from = 0;
  for (const token of text.matchAll(TOKEN)) {
    parts.push(text.slice(from, token.index), partOf(option, token, pattern));
    from = token.index + token[0].length;
  }
  parts.push(text.slice(from));
  // A group that took no part in the match is empty.
  return (match) => parts.map((part) => (typeof part === 'string' ? part : (match.group(part) ?? ''))).join('');
}

function partOf(option: string, [token, dollar, digits, name]: RegExpExecArray, pattern: RE2JS): ReplacementPart {
  if (dollar) {
    return dollar;
  }
  if (digits === undefined && name === undefined) {
    throw new OptionFault(option, 'has a $ alone: $1 or ${name} is a group, and $$ a dollar');
  }
  const group = digits === undefined ? pattern.namedGroups()[name as string] : Number(digits);
  if (group === undefined || group > pattern.groupCount()) {
    throw new OptionFault(option, `has ${token}, and the pattern has no such group`);
  }
  return group;
}
