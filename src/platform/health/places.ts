import type { AppConfig } from '../../config/app-config.js';
import { brokersOf } from '../../config/brokers.js';
import type { Place } from './health-indicator-source.js';

export function databasePlace({ database }: Pick<AppConfig, 'database'>): Place {
  const { host, port } = database;
  return {
    address: `${host}:${port}`,
    settings: ['database.host', 'database.port', 'database.username', 'database.password'],
  };
}

export function kafkaPlace({ mq }: Pick<AppConfig, 'mq'>): Place {
  return {
    address: brokersOf(mq).join(', '),
    settings: ['mq.mqHost', 'mq.mqPort', 'mq.username', 'mq.password'],
  };
}

export function openSearchPlace({ opensearch }: Pick<AppConfig, 'opensearch'>): Place {
  return {
    address: opensearch.nodes.join(', '),
    settings: ['opensearch.nodes', 'opensearch.username', 'opensearch.password'],
  };
}

export function indexBasePlace(config: Pick<AppConfig, 'indexBase' | 'opensearch'>): Place {
  switch (config.indexBase.provider) {
    case 'opensearch':
      return openSearchPlace(config);
    case 'http':
      return { address: config.indexBase.url, settings: ['indexBase.url', 'indexBase.token'] };
  }
}
