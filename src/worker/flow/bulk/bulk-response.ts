import type { ItemAnswer } from '../../../domain/bulk-answers.js';

/** Answers in the order of the request; undefined when the body is not a whole answer for so many items. */
export type BulkResponse = { kind: 'all_written' } | { kind: 'items'; items: ItemAnswer[] };

interface RawItem {
  status?: unknown;
  error?: { type?: unknown; reason?: unknown; caused_by?: { reason?: unknown } };
}

const PREFIX = Buffer.from('{"errors":false,"items":[');
const ITEM_BYTES = '{"index":{"status":201}}'.length;

/** Reads the filtered `_bulk` answer. A wrong number of items makes the whole answer unusable. */
export function parseBulkResponse(body: Buffer, itemCount: number): BulkResponse | undefined {
  if (isAllWritten(body, itemCount)) {
    return { kind: 'all_written' };
  }
  const parsed = parseJson(body);
  if (!parsed || !Array.isArray(parsed.items) || parsed.items.length !== itemCount) {
    return undefined;
  }
  const items: ItemAnswer[] = [];
  for (const wrapped of parsed.items as (Record<string, RawItem> | null)[]) {
    const item = Object.values(wrapped ?? {})[0];
    if (typeof item?.status !== 'number') {
      return undefined;
    }
    items.push({ status: item.status, errorType: textOf(item.error?.type), reason: reasonOf(item) });
  }
  return { kind: 'items', items };
}

/** The common answer is recognised by its length: every item without an error is written in the same bytes. */
function isAllWritten(body: Buffer, itemCount: number): boolean {
  const expected = PREFIX.length + itemCount * ITEM_BYTES + Math.max(itemCount - 1, 0) + 2;
  return body.length === expected && body.subarray(0, PREFIX.length).equals(PREFIX);
}

function parseJson(body: Buffer): { items?: unknown } | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    // Truncated or not JSON at all (a proxy's page): the caller sends everything again.
    return undefined;
  }
}

function reasonOf(item: RawItem): string {
  const reason = textOf(item.error?.reason);
  const cause = textOf(item.error?.caused_by?.reason);
  return cause && cause !== reason ? `${reason}: ${cause}` : reason;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
