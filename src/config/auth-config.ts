import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { IsFilledText, IsListOf, IsOneOf, IsOptionalHttpAddress, IsText, IsWholeNumber } from './rules.js';
import { Secret } from './secret.js';

export const AUTH_MODES = ['none', 'jwt', 'introspection'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

/** Signatures that a key set can be asked for: `none` and shared secrets are not among them. */
export const JWT_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];

/** Signed tokens, checked here with the keys that the issuer publishes. */
export class JwtConfig {
  /** Address of the issuer's key set (JWKS). Needed with auth.mode jwt. */
  @IsOptionalHttpAddress()
  readonly jwksUrl: string = '';

  /** What `iss` has to be. Needed with auth.mode jwt. */
  @IsText()
  readonly issuer: string = '';

  /** What `aud` has to contain. Needed with auth.mode jwt. */
  @IsText()
  readonly audience: string = '';

  /** Signatures that are accepted. */
  @IsListOf(`names among ${JWT_ALGORITHMS.join(', ')}`, 1, (item) => JWT_ALGORITHMS.includes(item as string))
  readonly algorithms: readonly string[] = ['RS256', 'ES256'];

  /** How far the clocks may be apart when a token begins and ends to be valid. */
  @IsWholeNumber(0, 300)
  readonly clockToleranceSec: number = 5;

  /** How long keys are kept; one that is not among them is asked for at once, at most every 5 s. */
  @IsWholeNumber(1, 86_400)
  readonly cacheSec: number = 600;
}

/** Tokens of any form, checked by the authorization server (RFC 7662). */
export class IntrospectionConfig {
  /** Address of the introspection endpoint. Needed with auth.mode introspection. */
  @IsOptionalHttpAddress()
  readonly url: string = '';

  /** Client id of this service at the endpoint; empty: none is sent. */
  @IsText()
  readonly clientId: string = '';

  /** Client secret of this service at the endpoint. */
  @Secret()
  @IsText()
  readonly clientSecret: string = '';

  /** How long an answer is believed, never beyond the end of the token: a revoked token works that much longer. 0: not at all. */
  @IsWholeNumber(0, 3600)
  readonly cacheSec: number = 30;
}

/** Where in a token, or in the answer about it, the account stands. */
export class ClaimsConfig {
  /** Claim with the id of the account. */
  @IsFilledText()
  readonly id: string = 'sub';

  /** Claim with the type of the account; a token without it belongs to a `user`. */
  @IsFilledText()
  readonly type: string = 'account_type';

  /** Claim with the name to show; a token without it is shown by its id. */
  @IsFilledText()
  readonly name: string = 'name';

  /** Claim with the roles of the account: a list of texts, or one text with blanks between them. */
  @IsFilledText()
  readonly roles: string = 'roles';
}

/** Who a caller of the public API is. */
export class AuthConfig {
  /** none: everyone is the administrator; jwt: a signed token; introspection: a token that an OAuth 2 server knows. */
  @IsOneOf(AUTH_MODES)
  readonly mode: AuthMode = 'none';

  /** Signed tokens, checked here with the keys that the issuer publishes. */
  @ValidateNested()
  @Type(() => JwtConfig)
  readonly jwt: JwtConfig = new JwtConfig();

  /** Tokens of any form, checked by the authorization server (RFC 7662). */
  @ValidateNested()
  @Type(() => IntrospectionConfig)
  readonly introspection: IntrospectionConfig = new IntrospectionConfig();

  /** Where in a token, or in the answer about it, the account stands. */
  @ValidateNested()
  @Type(() => ClaimsConfig)
  readonly claims: ClaimsConfig = new ClaimsConfig();

  /** One request to the key set or the introspection endpoint. */
  @IsWholeNumber(100, 60_000)
  readonly timeoutMs: number = 3000;
}
