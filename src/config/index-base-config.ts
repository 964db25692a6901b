import { ConfiguredIndexBase } from './configured-index-base.js';
import { ElementsOf } from './elements-of.js';
import { IsFlag, IsOneOf } from './rules.js';

export const INDEX_BASE_PROVIDERS = ['opensearch'] as const;
export type IndexBaseProvider = (typeof INDEX_BASE_PROVIDERS)[number];

export class IndexBaseConfig {
  /** Who keeps the index bases. opensearch: OpenSearch itself, as aliases `mdl-<base type>`. */
  @IsOneOf(INDEX_BASE_PROVIDERS)
  readonly provider: IndexBaseProvider = 'opensearch';

  /** Make template, first index and alias of a base that does not exist when a pipeline names it. */
  @IsFlag()
  readonly autoCreate: boolean = true;

  /**
   * Data type and category (log, metric, trace or another word) that autoCreate writes into the mapping of a base; one
   * that is not listed is of the category log.
   *
   * @example - { base_type: nginx, data_type: nginx, category: log }
   */
  @ElementsOf(() => ConfiguredIndexBase, 'index bases (base_type, data_type, category)')
  readonly bases: readonly ConfiguredIndexBase[] = [];
}
