import type { Provider } from '@nestjs/common';
import type { AppConfig } from '../config/app-config.js';
import { DesiredStatePublisher } from '../control/desired-state-publisher.js';
import { ReportSubscriber } from '../control/report-subscriber.js';
import { TopicNames } from '../domain/topic-names.js';
import { IndexBaseProvider } from '../platform/index-base/index-base-provider.js';
import { indexBasesOf } from '../platform/index-base/index-bases-of.js';
import { kafkaConnection } from '../platform/kafka/kafka-connection.js';
import { KeyedPublisher } from '../platform/kafka/keyed-publisher.js';
import { TopicAdmin } from '../platform/kafka/topic-admin.js';
import type { Logger } from '../platform/logging/logger.js';
import { OpenSearchAdmin } from '../platform/opensearch/opensearch-admin.js';

/** What leaves the process, and the contract with the workers. None connects before it is used. */
export function adapters(config: AppConfig, logger: Logger): Provider[] {
  const connection = kafkaConnection(config);
  const names = new TopicNames(config.kafka.names);
  const { replicationFactor, sessionTimeoutMs } = config.kafka;
  return [
    { provide: TopicNames, useValue: names },
    { provide: TopicAdmin, useFactory: () => new TopicAdmin(connection, logger) },
    { provide: KeyedPublisher, useFactory: () => new KeyedPublisher(connection, logger) },
    { provide: OpenSearchAdmin, useFactory: () => new OpenSearchAdmin(config.opensearch) },
    {
      provide: IndexBaseProvider,
      useFactory: (opensearch: OpenSearchAdmin) => indexBasesOf(config.indexBase, opensearch),
      inject: [OpenSearchAdmin],
    },
    {
      provide: DesiredStatePublisher,
      useFactory: (publisher: KeyedPublisher, admin: TopicAdmin) =>
        new DesiredStatePublisher({ publisher, admin, topic: names.control(), replicationFactor }),
      inject: [KeyedPublisher, TopicAdmin],
    },
    {
      provide: ReportSubscriber,
      useFactory: (admin: TopicAdmin) =>
        new ReportSubscriber(
          {
            ...{ connection, admin, sessionTimeoutMs, replicationFactor },
            ...{ topic: names.status(), groupId: names.reportGroup() },
          },
          logger,
        ),
      inject: [TopicAdmin],
    },
  ];
}
