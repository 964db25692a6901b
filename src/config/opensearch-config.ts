import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { IsFlag, IsListOf, IsText, IsWholeNumber } from './rules.js';
import { Secret } from './secret.js';
import { TlsConfig } from './tls-config.js';

export class OpenSearchConfig {
  /** Addresses of the nodes, which take turns; one that is away is left out for a while. With https the settings of `tls` count. */
  @IsListOf('http(s) addresses without user name, password, query or fragment', 1, isNodeAddress)
  readonly nodes: readonly string[] = ['http://localhost:9200'];

  /** User name; empty: no authentication. */
  @IsText()
  readonly username: string = '';

  /** Password of the user. */
  @Secret()
  @IsText()
  readonly password: string = '';

  /** A bulk request that is not answered by then has failed, and is sent again. Less than kafka.sessionTimeoutMs. */
  @IsWholeNumber(100, 600_000)
  readonly requestTimeoutMs: number = 30_000;

  /** Compress the bodies of bulk requests, for networks slower than the processors. */
  @IsFlag()
  readonly gzip: boolean = false;

  /** TLS to nodes whose address begins with https. */
  @ValidateNested()
  @Type(() => TlsConfig)
  readonly tls: TlsConfig = new TlsConfig();
}

function isNodeAddress(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) {
    return false;
  }
  const url = new URL(value);
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return isPlain && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '';
}
