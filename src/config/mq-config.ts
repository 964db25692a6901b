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

  /** User name of SASL; empty: no SASL. */
  @IsText()
  readonly username: string = '';

  /** Password of SASL. */
  @Secret()
  @IsText()
  readonly password: string = '';

  /** Used when a user name is given. */
  @IsOneOf(SASL_MECHANISMS)
  readonly saslMechanism: SaslMechanism = 'plain';

  /** TLS to the brokers. */
  @ValidateNested()
  @Type(() => SwitchedTlsConfig)
  readonly tls: SwitchedTlsConfig = new SwitchedTlsConfig();
}
