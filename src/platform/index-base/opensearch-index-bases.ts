import type { IndexBaseConfig } from '../../config/index-base-config.js';
import { CodedError } from '../../domain/coded-error.js';
import { aliasOf, INDEX_BASE_PATTERN, type IndexBase } from '../../domain/index-base.js';
import type { IndexOfAlias, OpenSearchAdmin } from '../opensearch/opensearch-admin.js';
import { isOpenSearchError, OPENSEARCH_UNAVAILABLE } from '../opensearch/opensearch-fault.js';
import { CACHE_TIMES, IndexBaseCache } from './index-base-cache.js';
import {
  INDEX_BASE_ERROR,
  INDEX_BASE_INVALID,
  INDEX_BASE_UNAVAILABLE,
  IndexBaseProvider,
} from './index-base-provider.js';
import { firstIndexOf, indexBaseTemplate } from './index-base-template.js';

/** The alias `mdl-<base>-000001` would be the name of the first index of `<base>`. */
const LIKE_AN_INDEX = /-\d{6}$/;

/**
 * Index bases kept in OpenSearch itself: base `b` is the alias `mdl-b`, its data type and category are in the `_meta` of
 * its write index' mapping (a base made by others without them: the configured ones, else its own name and `log`).
 */
export class OpenSearchIndexBases extends IndexBaseProvider {
  private readonly cache: IndexBaseCache;

  constructor(
    private readonly opensearch: OpenSearchAdmin,
    private readonly config: Pick<IndexBaseConfig, 'autoCreate' | 'bases'>,
    now: () => number = () => performance.now(),
  ) {
    super();
    this.cache = new IndexBaseCache((baseType) => this.read(baseType), CACHE_TIMES, now);
  }

  async get(baseType: string): Promise<IndexBase | undefined> {
    return INDEX_BASE_PATTERN.test(baseType) ? this.cache.get(baseType) : undefined;
  }

  /** Makes a missing base if `autoCreate` is on. */
  async ensure(baseType: string): Promise<IndexBase | undefined> {
    if (!INDEX_BASE_PATTERN.test(baseType)) {
      return undefined;
    }
    const known = await this.cache.refresh(baseType);
    return known ?? (this.config.autoCreate ? this.create(baseType) : undefined);
  }

  /**
   * Makes template, first index and write alias, or what of them is missing; also when several do so at once. Rejects
   * with INDEX_BASE_INVALID for a name that cannot be made.
   */
  async create(baseType: string): Promise<IndexBase> {
    requireMakeable(baseType);
    await this.translated(() => this.make(baseType));
    this.cache.forget(baseType);
    const made = await this.cache.refresh(baseType);
    if (!made) {
      throw new CodedError(INDEX_BASE_ERROR, `The alias ${aliasOf(baseType)} was made but is not there`);
    }
    return made;
  }

  async foresee(baseType: string): Promise<IndexBase | undefined> {
    if (!INDEX_BASE_PATTERN.test(baseType)) {
      return undefined;
    }
    const known = (await this.get(baseType)) ?? (await this.cache.refresh(baseType));
    if (known || !this.config.autoCreate) {
      return known;
    }
    requireMakeable(baseType);
    return this.described(baseType, {});
  }

  async revive(baseType: string): Promise<boolean> {
    return (await this.ensure(baseType)) !== undefined;
  }

  async ping(): Promise<void> {
    await this.translated(() => this.opensearch.ping());
  }

  /** The client of OpenSearch is closed by whoever made it. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  private async make(baseType: string): Promise<void> {
    const alias = aliasOf(baseType);
    const index = firstIndexOf(baseType);
    await this.opensearch.putIndexTemplate(alias, indexBaseTemplate(this.described(baseType, {})));
    try {
      await this.opensearch.createIndex(index, { aliases: { [alias]: { is_write_index: true } } });
    } catch (error) {
      if (!isOpenSearchError(error, 'resource_already_exists_exception')) {
        throw error;
      }
      // Made by somebody else just now, with its alias, or left over without one.
      if ((await this.opensearch.findAlias(alias)).length === 0) {
        await this.opensearch.addWriteAlias(index, alias);
      }
    }
  }

  private async read(baseType: string): Promise<IndexBase | undefined> {
    const indices = await this.translated(() => this.opensearch.findAlias(aliasOf(baseType)));
    const current = writeIndexOf(indices);
    return current && this.described(baseType, current.meta);
  }

  private described(baseType: string, meta: Record<string, unknown>): IndexBase {
    const configured = this.config.bases.find((base) => base.baseType === baseType);
    return {
      baseType,
      name: textOf(meta['name']) ?? baseType,
      dataType: textOf(meta['data_type']) ?? configured?.dataType ?? baseType,
      category: textOf(meta['category']) ?? configured?.category ?? 'log',
    };
  }

  private async translated<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof CodedError && error.code === OPENSEARCH_UNAVAILABLE) {
        throw new CodedError(INDEX_BASE_UNAVAILABLE, error.message, {
          retryable: true,
          logLevel: 'warn',
          cause: error,
        });
      }
      const reason = error instanceof Error ? error.message : String(error);
      throw new CodedError(INDEX_BASE_ERROR, reason, { cause: error });
    }
  }
}

function requireMakeable(baseType: string): void {
  if (!INDEX_BASE_PATTERN.test(baseType) || LIKE_AN_INDEX.test(baseType)) {
    throw new CodedError(INDEX_BASE_INVALID, `${baseType} cannot be the name of an index base`, { logLevel: 'info' });
  }
}

/** The only index of an alias is its write index also when it is not marked as one. */
function writeIndexOf(indices: IndexOfAlias[]): IndexOfAlias | undefined {
  return indices.find(({ isWriteIndex }) => isWriteIndex) ?? indices.toSorted(byName).at(-1);
}

function byName(a: IndexOfAlias, b: IndexOfAlias): number {
  return a.index < b.index ? -1 : 1;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
