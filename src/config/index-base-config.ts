import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { ConfiguredIndexBase } from './configured-index-base.js';
import { ElementsOf } from './elements-of.js';
import { IsFlag, IsOneOf, IsOptionalHttpAddress, IsText, IsWholeNumber } from './rules.js';
import { Secret } from './secret.js';
import { TlsConfig } from './tls-config.js';

export const INDEX_BASE_PROVIDERS = ['opensearch', 'http'] as const;
export type IndexBaseProviderName = (typeof INDEX_BASE_PROVIDERS)[number];

export class IndexBaseConfig {
  /**
   * Who keeps the index bases. opensearch: OpenSearch itself, as aliases `mdl-<base type>`; http: an external service, which
   * also makes these aliases and their indices.
   */
  @IsOneOf(INDEX_BASE_PROVIDERS)
  readonly provider: IndexBaseProviderName = 'opensearch';

  /**
   * Address of the external service. `GET <url>/<base type>` answers 200 with `base_type`, `name`, `data_type` and
   * `category`: as one object, as a list, or as a list in `entries`; 404, or a list without the base, says that there is
   * none. Needed with indexBase.provider http.
   */
  @IsOptionalHttpAddress()
  readonly url: string = '';

  /** Bearer token of this service at the external one; empty: none is sent. */
  @Secret()
  @IsText(8192)
  readonly token: string = '';

  /** One attempt of a question to the external service. */
  @IsWholeNumber(50, 60_000)
  readonly timeoutMs: number = 2000;

  /** Further attempts when the external service does not answer or is busy. */
  @IsWholeNumber(0, 5)
  readonly retries: number = 2;

  /** TLS to the external service, when its address begins with https. */
  @ValidateNested()
  @Type(() => TlsConfig)
  readonly tls: TlsConfig = new TlsConfig();

  /** With indexBase.provider opensearch: make template, first index and alias of a base that does not exist when a pipeline names it. */
  @IsFlag()
  readonly autoCreate: boolean = true;

  /**
   * With indexBase.provider opensearch: data type and category (log, metric, trace or another word) that autoCreate writes
   * into the mapping of a base; one that is not listed is of the category log.
   *
   * @example - { base_type: nginx, data_type: nginx, category: log }
   */
  @ElementsOf(() => ConfiguredIndexBase, 'index bases (base_type, data_type, category)')
  readonly bases: readonly ConfiguredIndexBase[] = [];
}
