export interface Hit {
  id: string;
  /** The source as OpenSearch stores it, character by character: parsing would lose large integers. */
  source: string;
}

const sourceKey = '"_source":';

/** The hits of the text of a search answer (not a pretty-printed one). */
export function hitsOf(answer: string): { scrollId: string; hits: Hit[] } {
  const hits: Hit[] = [];
  const scrollId = /"_scroll_id":"([^"]*)"/.exec(answer)?.[1] ?? '';
  let at = answer.indexOf('"hits":[');
  for (;;) {
    const start = answer.indexOf('{"_index":', at);
    if (at < 0 || start < 0) {
      return { scrollId, hits };
    }
    const keyAt = answer.indexOf(sourceKey, start);
    const sourceEnd = endOfObject(answer, keyAt + sourceKey.length);
    // What stands around the source is small and holds nothing but texts.
    const hit = JSON.parse(`${answer.slice(start, keyAt)}"_source":{}}`) as { _id: string };
    hits.push({ id: hit._id, source: answer.slice(keyAt + sourceKey.length, sourceEnd) });
    at = sourceEnd;
  }
}

/** The position after the JSON object that starts at `start`. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at);
    } else if (character === '{') {
      depth++;
    } else if (character === '}' && --depth === 0) {
      return at + 1;
    }
  }
  throw new Error(`no object ends after ${text.slice(start, start + 80)}`);
}

/** The position of the quote that closes the string opened at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) {
    end = text.indexOf('"', end + 1);
  }
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') {
    backslashes++;
  }
  return backslashes % 2 === 1;
}
