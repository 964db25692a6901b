import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { IsFlag, IsListOf, IsText, IsWholeNumber } from './rules.js';
import { Secret } from './secret.js';
import { TlsConfig } from './tls-config.js';

export class OpenSearchConfig {
  /** Tried in turn when one does not answer. */
  @IsListOf('http(s) addresses without user name, password, query or fragment', 1, isNodeAddress)
  readonly nodes: readonly string[] = ['http://localhost:9200'];

  /** Empty: no authentication. */
  @IsText()
  readonly username: string = '';

  @Secret()
  @IsText()
  readonly password: string = '';

  @IsWholeNumber(100, 600_000)
  readonly requestTimeoutMs: number = 30_000;

  /** Compress the bodies of bulk requests, for networks slower than the processors. */
  @IsFlag()
  readonly gzip: boolean = false;

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
