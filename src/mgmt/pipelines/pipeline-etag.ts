import { createHash } from 'node:crypto';
import type { Pipeline } from '../../domain/pipeline.js';
import { ApiError, invalidRequest } from '../errors/api-error.js';

/** What decides whether a pipeline looks the same as before. */
export type Versioned = Pick<Pipeline, 'version' | 'status' | 'statusDetails'>;

const SHOWN_CHARACTERS = 12;
const FORM = /^(?:W\/)?"(\d+)-[\w-]*"$/;

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
  const tags = header?.split(',').map((tag) => tag.trim());
  if (tags === undefined || tags.includes('*')) {
    return undefined;
  }
  if (!tags.every((tag) => /^(?:W\/)?"[^"]*"$/.test(tag))) {
    throw invalidRequest([
      {
        code: 'InvalidParameter.IfMatch',
        field: 'If-Match',
        fault: 'is not a list of quoted ETags',
        limit: '"..." or *',
      },
    ]);
  }
  return new Set(tags.map((tag) => Number(FORM.exec(tag)?.[1] ?? NaN)));
}

/** To be called under the lock of the row. */
export function requireVersion({ version }: Versioned, wanted: ReadonlySet<number> | undefined): void {
  if (wanted && !wanted.has(version)) {
    throw new ApiError('PreconditionFailed.Version', { reason: `the pipeline has version ${version} now` });
  }
}
