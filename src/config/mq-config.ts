import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { isBrokerList } from './brokers.js';
import { IsOneOf, IsText, IsWholeNumber, rule } from './rules.js';
import { Secret } from './secret.js';
import { SwitchedTlsConfig } from './tls-config.js';

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

export class MqConfig {
  /** One host, or several `host[:port]` separated by commas. */
  @rule('isBrokerList', [], 'must be a host, or several host[:port] separated by commas', isBrokerList, {
    type: 'string',
    minLength: 1,
  })
  readonly mqHost: string = 'localhost';

  /** Port of each host that names none. */
  @IsWholeNumber(1, 65535)
  readonly mqPort: number = 9097;

  /** Empty: no SASL. */
  @IsText()
  readonly username: string = '';

  @Secret()
  @IsText()
  readonly password: string = '';

  @IsOneOf(SASL_MECHANISMS)
  readonly saslMechanism: SaslMechanism = 'plain';

  @ValidateNested()
  @Type(() => SwitchedTlsConfig)
  readonly tls: SwitchedTlsConfig = new SwitchedTlsConfig();
}
