import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { IsFilledText, IsFlag, IsMatching, IsText, IsWholeNumber } from './rules.js';
import { Secret } from './secret.js';
import { SwitchedTlsConfig } from './tls-config.js';

/** MariaDB; used by the management half only. */
export class DatabaseConfig {
  @IsFilledText()
  readonly host: string = 'localhost';

  @IsWholeNumber(1, 65535)
  readonly port: number = 3306;

  @IsFilledText()
  readonly username: string = 'root';

  @Secret()
  @IsText()
  readonly password: string = '';

  @IsMatching(/^[a-zA-Z0-9_$-]{1,64}$/, '1 to 64 letters, digits, _, $ or -')
  readonly database: string = 'flow_stream_data_pipeline';

  @IsWholeNumber(1, 1000)
  readonly poolSize: number = 10;

  @IsWholeNumber(100, 120_000)
  readonly connectTimeoutMs: number = 5000;

  /** Migrate the schema at start, under a lock: one of several replicas does it. */
  @IsFlag()
  readonly migrate: boolean = true;

  @ValidateNested()
  @Type(() => SwitchedTlsConfig)
  readonly tls: SwitchedTlsConfig = new SwitchedTlsConfig();
}
