import { rule } from './rules.js';

const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** What Node.js lets into a header, and no space around it. */
const VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

/** Headers spelled `name=value`, separated by commas; undefined when the text is no such list. Empty text: none. */
export function findHeaders(text: string): Record<string, string> | undefined {
  const parts = text.split(',').filter((part) => part.trim() !== '');
  const headers = parts.map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, Math.max(at, 0)).trim(), part.slice(at + 1).trim()] as const;
  });
  const isLegal = headers.every(([name, value]) => NAME.test(name) && VALUE.test(value));
  return isLegal ? Object.fromEntries(headers) : undefined;
}

export function IsHeaderList(maxLength: number): PropertyDecorator {
  return rule(
    'isHeaderList',
    [maxLength],
    `must be name=value, several separated by commas, in plain ASCII and at most ${maxLength} characters`,
    (value) => typeof value === 'string' && value.length <= maxLength && findHeaders(value) !== undefined,
    { type: 'string', maxLength },
  );
}
