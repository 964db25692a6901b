import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { HealthRegistry } from '../platform/health/health-registry.js';
import { IndexBaseProvider } from '../platform/index-base/index-base-provider.js';
import { KeyedPublisher } from '../platform/kafka/keyed-publisher.js';
import { TopicAdmin } from '../platform/kafka/topic-admin.js';
import { OpenSearchAdmin } from '../platform/opensearch/opensearch-admin.js';
import { PipelinesRepository } from './pipelines/pipelines.repository.js';

/** The services that the management half uses: how they are, and their end. */
@Injectable()
export class Dependencies {
  constructor(
    private readonly health: HealthRegistry,
    private readonly database: Database,
    private readonly pipelines: PipelinesRepository,
    private readonly topics: TopicAdmin,
    private readonly publisher: KeyedPublisher,
    private readonly opensearch: OpenSearchAdmin,
    private readonly indexBases: IndexBaseProvider,
  ) {}

  /** Only the database is required: without it no request can be answered, without the others some can. */
  registerHealth(): void {
    const register = (name: string, requiredForReady: boolean, check: () => Promise<unknown>) =>
      this.health.register({ name, requiredForReady, check: async () => void (await check()) });
    register('database', true, () => this.pipelines.ping());
    register('kafka', false, () => this.topics.ping());
    register('opensearch', false, () => this.opensearch.ping());
    register('index_base', false, () => this.indexBases.ping());
  }

  async close(): Promise<void> {
    await Promise.allSettled([
      this.publisher.close(),
      this.topics.close(),
      this.opensearch.close(),
      this.database.close(),
    ]);
  }
}
