import { ConfiguredIndexBase } from './configured-index-base.js';
import { ElementsOf } from './elements-of.js';
import { IsFlag, IsOneOf } from './rules.js';

export const INDEX_BASE_PROVIDERS = ['opensearch'] as const;
export type IndexBaseProvider = (typeof INDEX_BASE_PROVIDERS)[number];

export class IndexBaseConfig {
  @IsOneOf(INDEX_BASE_PROVIDERS)
  readonly provider: IndexBaseProvider = 'opensearch';

  /** Make template, first index and alias of a base that does not exist when a pipeline names it. */
  @IsFlag()
  readonly autoCreate: boolean = true;

  /** Data type and category of bases; one that is not listed is of the category log. */
  @ElementsOf(() => ConfiguredIndexBase, 'index bases (base_type, data_type, category)')
  readonly bases: readonly ConfiguredIndexBase[] = [];
}
