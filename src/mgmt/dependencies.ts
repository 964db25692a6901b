import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { Database } from '../platform/database/database.js';
import { HealthRegistry } from '../platform/health/health-registry.js';
import { databasePlace } from '../platform/health/places.js';
import { indexBaseIndicator, serviceIndicators } from '../platform/health/service-indicators.js';
import { IndexBaseProvider } from '../platform/index-base/index-base-provider.js';
import { KeyedPublisher } from '../platform/kafka/keyed-publisher.js';
import { TopicAdmin } from '../platform/kafka/topic-admin.js';
import { OpenSearchAdmin } from '../platform/opensearch/opensearch-admin.js';
import { PipelinesRepository } from './pipelines/pipelines.repository.js';

/** The services that the management half uses: how they are, and their end. */
@Injectable()
export class Dependencies {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly health: HealthRegistry,
    private readonly database: Database,
    private readonly pipelines: PipelinesRepository,
    private readonly topics: TopicAdmin,
    private readonly publisher: KeyedPublisher,
    private readonly opensearch: OpenSearchAdmin,
    private readonly indexBases: IndexBaseProvider,
  ) {}

  /**
   * Without the database no request can be answered; without the others some can, once it is sure that their addresses are
   * right: until each has answered for the first time, the process is not ready.
   */
  registerHealth(): void {
    const { config, health } = this;
    health.register({
      name: 'database',
      check: () => this.pipelines.ping(),
      requiredForReady: 'always',
      place: databasePlace(config),
    });
    serviceIndicators(config, this.topics, this.opensearch).forEach((source) => health.register(source));
    health.register(indexBaseIndicator(config, this.indexBases));
  }

  async close(): Promise<void> {
    await Promise.allSettled([
      this.publisher.close(),
      this.topics.close(),
      this.indexBases.close(),
      this.opensearch.close(),
      this.database.close(),
    ]);
  }
}
