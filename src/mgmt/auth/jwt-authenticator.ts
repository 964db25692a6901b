import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { AuthConfig } from '../../config/auth-config.js';
import { ApiError } from '../errors/api-error.js';
import { Authenticator } from './authenticator.js';
import type { CallerAccount } from './caller-account.js';
import { accountOfClaims } from './claims.js';
import { unauthorized } from './unauthorized.js';

/** An unknown key is asked for at once, so that a rotation is followed; but not for each of a flood of forged tokens. */
const JWKS_COOLDOWN_MS = 5000;

/** What is wrong with a token, by the library's codes, in words that help and tell nothing of its content. */
const REASONS: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'the token has expired',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'the signature of the token does not fit',
  ERR_JWKS_NO_MATCHING_KEY: 'the issuer has no key that fits the token',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'the token does not say which key of the issuer signed it (kid)',
  ERR_JOSE_ALG_NOT_ALLOWED: 'the token is signed with an algorithm that auth.jwt.algorithms does not allow',
  ERR_JOSE_NOT_SUPPORTED: 'the token is signed in a way that is not supported',
};

/** The key set could not be had; the token may be good. */
const AWAY: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

/** Signed tokens: signature, issuer, audience, time and account have to be right. */
export class JwtAuthenticator extends Authenticator {
  private readonly keys: JWTVerifyGetKey;

  constructor(private readonly config: AuthConfig) {
    super();
    this.keys = createRemoteJWKSet(new URL(config.jwt.jwksUrl), {
      timeoutDuration: config.timeoutMs,
      cooldownDuration: JWKS_COOLDOWN_MS,
      cacheMaxAge: config.jwt.cacheSec * 1000,
    });
  }

  async authenticate(token: string | undefined): Promise<CallerAccount> {
    if (token === undefined) {
      throw unauthorized('the header Authorization: Bearer <token> is missing');
    }
    return accountOfClaims(await this.claimsOf(token), this.config.claims);
  }

  private async claimsOf(token: string): Promise<Readonly<Record<string, unknown>>> {
    const { issuer, audience, algorithms, clockToleranceSec } = this.config.jwt;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer,
        audience,
        algorithms: [...algorithms],
        clockTolerance: clockToleranceSec,
        requiredClaims: ['exp'],
      });
      return payload;
    } catch (error) {
      throw fault(error);
    }
  }
}

function fault(error: unknown): ApiError {
  if (!(error instanceof errors.JOSEError) || AWAY.has(error.code)) {
    return new ApiError(
      'ServiceUnavailable.Authentication',
      { reason: 'the key set of the issuer cannot be read' },
      { cause: error, logLevel: 'warn' },
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthorized(
      error.claim === 'nbf' ? 'the token is not valid yet' : `the claim ${error.claim} of the token does not fit`,
    );
  }
  return unauthorized(REASONS[error.code] ?? 'the token is not a signed JWT');
}
