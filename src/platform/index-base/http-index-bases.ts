import { INDEX_BASE_PATTERN, type IndexBase } from '../../domain/index-base.js';
import { CACHE_TIMES, IndexBaseCache } from './index-base-cache.js';
import { IndexBaseProvider } from './index-base-provider.js';
import type { IndexBaseService } from './index-base-service.js';

/** A base that need not exist: what counts is that the service answers whether it does. */
const PROBED_BASE = 'sdp-health-check';

/** Index bases that an external service keeps, with their aliases and indices: nothing of them is made here. */
export class HttpIndexBases extends IndexBaseProvider {
  private readonly cache: IndexBaseCache;

  constructor(
    private readonly service: IndexBaseService,
    now: () => number = () => performance.now(),
  ) {
    super();
    this.cache = new IndexBaseCache((baseType) => this.service.find(baseType), CACHE_TIMES, now);
  }

  async get(baseType: string): Promise<IndexBase | undefined> {
    return INDEX_BASE_PATTERN.test(baseType) ? this.cache.get(baseType) : undefined;
  }

  async ensure(baseType: string): Promise<IndexBase | undefined> {
    return INDEX_BASE_PATTERN.test(baseType) ? this.cache.refresh(baseType) : undefined;
  }

  async foresee(baseType: string): Promise<IndexBase | undefined> {
    return (await this.get(baseType)) ?? this.ensure(baseType);
  }

  revive(_baseType: string): Promise<boolean> {
    return Promise.resolve(false);
  }

  async ping(): Promise<void> {
    await this.service.find(PROBED_BASE, 0);
  }

  close(): Promise<void> {
    this.service.close();
    return Promise.resolve();
  }
}
