import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { IsFilledText, IsFlag, IsMatching, IsText, IsWholeNumber } from './rules.js';
import { Secret } from './secret.js';
import { SwitchedTlsConfig } from './tls-config.js';

/** MariaDB; used by the management half only. */
export class DatabaseConfig {
  /** Host name or address of the server; with TLS a name that is in its certificate. */
  @IsFilledText()
  readonly host: string = 'localhost';

  /** Port of the server. */
  @IsWholeNumber(1, 65535)
  readonly port: number = 3306;

  /** Who logs in; may create the database if that does not exist. */
  @IsFilledText()
  readonly username: string = 'root';

  /** Empty: without a password. */
  @Secret()
  @IsText()
  readonly password: string = '';

  /** Name of the database; it belongs to this service alone. */
  @IsMatching(/^[a-zA-Z0-9_$-]{1,64}$/, '1 to 64 letters, digits, _, $ or -')
  readonly database: string = 'flow_stream_data_pipeline';

  /** Connections that one process holds at most. */
  @IsWholeNumber(1, 1000)
  readonly poolSize: number = 10;

  /** A connection that is not there by then has failed. */
  @IsWholeNumber(100, 120_000)
  readonly connectTimeoutMs: number = 5000;

  /** Migrate the schema at start, under a lock: one of several replicas does it. */
  @IsFlag()
  readonly migrate: boolean = true;

  /** TLS to the server. */
  @ValidateNested()
  @Type(() => SwitchedTlsConfig)
  readonly tls: SwitchedTlsConfig = new SwitchedTlsConfig();
}
