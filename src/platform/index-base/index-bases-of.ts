import type { IndexBaseConfig } from '../../config/index-base-config.js';
import type { OpenSearchAdmin } from '../opensearch/opensearch-admin.js';
import { HttpIndexBases } from './http-index-bases.js';
import type { IndexBaseProvider } from './index-base-provider.js';
import { IndexBaseService } from './index-base-service.js';
import { OpenSearchIndexBases } from './opensearch-index-bases.js';

/** The one provider that is configured, for both halves. */
export function indexBasesOf(config: IndexBaseConfig, opensearch: OpenSearchAdmin): IndexBaseProvider {
  switch (config.provider) {
    case 'opensearch':
      return new OpenSearchIndexBases(opensearch, config);
    case 'http':
      return new HttpIndexBases(new IndexBaseService(config));
  }
}
