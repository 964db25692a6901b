import type { IndexBase } from '../../domain/index-base.js';

/** Whoever keeps the bases did not answer; the same call may succeed later. */
export const INDEX_BASE_UNAVAILABLE = 'INDEX_BASE_UNAVAILABLE';
/** Whoever keeps the bases answered no, or something that it should not. */
export const INDEX_BASE_ERROR = 'INDEX_BASE_ERROR';
/** The name cannot be one of a base. */
export const INDEX_BASE_INVALID = 'INDEX_BASE_INVALID';

/**
 * Knows the index bases (`indexBase.provider`). Each call rejects with INDEX_BASE_UNAVAILABLE (retryable) when nobody can
 * tell now, and with INDEX_BASE_ERROR when what was answered makes no sense; neither ever means that a base exists or that
 * it does not.
 */
export abstract class IndexBaseProvider {
  /** Undefined when there is no such base, or its name is not a legal one. Remembered: 60 s a yes, 30 s a no. */
  abstract get(baseType: string): Promise<IndexBase | undefined>;

  /** As {@link get}, but asked now; a provider that makes bases makes a missing one, if it may. */
  abstract ensure(baseType: string): Promise<IndexBase | undefined>;

  /** What {@link ensure} would answer, without making anything. A yes may be remembered, a no is asked for anew. */
  abstract foresee(baseType: string): Promise<IndexBase | undefined>;

  /** Makes what documents of a base need in OpenSearch again; false when that is for others to do. */
  abstract revive(baseType: string): Promise<boolean>;

  /** Resolves when it answers as it should. */
  abstract ping(): Promise<void>;

  abstract close(): Promise<void>;
}
