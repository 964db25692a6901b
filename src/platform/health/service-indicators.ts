import type { AppConfig } from '../../config/app-config.js';
import type { HealthIndicatorSource } from './health-indicator-source.js';
import { indexBasePlace, kafkaPlace, openSearchPlace } from './places.js';

interface Pinged {
  ping(): Promise<unknown>;
}

/** Kafka and OpenSearch, as both halves need them: until each has answered for the first time, a process is not ready. */
export function serviceIndicators(config: AppConfig, kafka: Pinged, opensearch: Pinged): HealthIndicatorSource[] {
  return [
    {
      name: 'kafka',
      check: async () => void (await kafka.ping()),
      requiredForReady: 'at_start',
      place: kafkaPlace(config),
    },
    {
      name: 'opensearch',
      check: async () => void (await opensearch.ping()),
      requiredForReady: 'at_start',
      place: openSearchPlace(config),
    },
  ];
}

/** Whoever keeps the index bases: pipelines that run do without it, and a create says itself that it is away. */
export function indexBaseIndicator(config: AppConfig, indexBases: Pinged): HealthIndicatorSource {
  return {
    name: 'index_base',
    check: async () => void (await indexBases.ping()),
    requiredForReady: 'never',
    place: indexBasePlace(config),
  };
}
