import { createHash } from 'node:crypto';
import type { Pipeline } from '../../domain/pipeline.js';
import { ApiError, invalidRequest } from '../errors/api-error.js';

/** What decides whether a pipeline looks the same as before. */
export type Versioned = Pick<Pipeline, 'version' | 'status' | 'statusDetails'>;

const SHOWN_CHARACTERS = 12;
const FORM = /^"(\d+)-[\w-]*"$/;
/** Weak ones too: a proxy that compresses an answer weakens its ETag. */
const ETAG = String.raw`(?:W\/)?("[^"]*")`;
const ETAG_LIST = new RegExp(`^\\s*${ETAG}(?:\\s*,\\s*${ETAG})*\\s*$`);

/**
 * `"<version>-<hash of the status>"`: a reader sees every change (If-None-Match), while a change by a caller is compared
 * by the version alone (If-Match): that a task has failed meanwhile is no reason to refuse it.
 */
export function etagOf({ version, status, statusDetails }: Versioned): string {
  const shown = createHash('sha256').update(`${status}\0${statusDetails}`).digest('base64url');
  return `"${version}-${shown.slice(0, SHOWN_CHARACTERS)}"`;
}

/** Versions that a caller is content with; undefined: any. One that is no ETag of ours fits no version. */
export function parseIfMatch(header: string | undefined): ReadonlySet<number> | undefined {
  if (header === undefined || header.trim() === '*') {
    return undefined;
  }
  if (!ETAG_LIST.test(header)) {
    throw invalidRequest([
      {
        code: 'InvalidParameter.IfMatch',
        field: 'If-Match',
        fault: 'is not a list of quoted ETags',
        limit: '"..." or *',
      },
    ]);
  }
  return new Set(etagsIn(header).map((tag) => Number(FORM.exec(tag)?.[1] ?? NaN)));
}

/**
 * The ETags that a reader has, of If-None-Match; undefined: it does not say, or has whatever there is now (`*`). What is no
 * ETag is none.
 */
export function parseIfNoneMatch(header: string | undefined): ReadonlySet<string> | undefined {
  return header === undefined || header.trim() === '*' ? undefined : new Set(etagsIn(header));
}

/** As {@link etagOf} writes them. */
function etagsIn(header: string): string[] {
  return [...header.matchAll(new RegExp(ETAG, 'g'))].map(([, tag = '']) => tag);
}

/** To be called under the lock of the row. */
export function requireVersion({ version }: Versioned, wanted: ReadonlySet<number> | undefined): void {
  if (wanted && !wanted.has(version)) {
    throw new ApiError('PreconditionFailed.Version', { reason: `the pipeline has version ${version} now` });
  }
}
