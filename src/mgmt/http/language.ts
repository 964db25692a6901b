import type { IncomingHttpHeaders } from 'node:http';
import type { Language } from '../../config/server-config.js';

const BY_PRIMARY_TAG: Readonly<Record<string, Language>> = { en: 'en-US', zh: 'zh-CN' };

/** The language of error texts: `x-language`, else the best of `Accept-Language` that there are texts in, else `fallback`. */
export function languageOf(headers: IncomingHttpHeaders, fallback: Language): Language {
  const explicit = headers['x-language'];
  const wanted = [...preferences(String(explicit ?? '')), ...preferences(headers['accept-language'] ?? '')];
  return wanted.map(supported).find((language) => language !== undefined) ?? fallback;
}

/** Tags of an Accept-Language header, the most wanted first; refused ones (q=0) left out. */
function preferences(header: string): string[] {
  return header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((text) => text.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { tag, quality: quality ? Number(quality.slice(2)) : 1 };
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}

function supported(tag: string): Language | undefined {
  return BY_PRIMARY_TAG[tag.toLowerCase().split(/[-_]/)[0] ?? ''];
}
