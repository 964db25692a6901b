import { createHash } from 'node:crypto';
import type { AuthConfig } from '../../config/auth-config.js';
import { ApiError } from '../errors/api-error.js';
import { Authenticator } from './authenticator.js';
import type { CallerAccount } from './caller-account.js';
import { accountOfClaims } from './claims.js';
import { unauthorized } from './unauthorized.js';

type Answer = Readonly<Record<string, unknown>>;

interface Remembered {
  answer: Answer;
  untilMs: number;
}

/** Beyond it the oldest answers go first. */
const MAX_REMEMBERED = 10_000;

/** Tokens that an OAuth 2 server knows (RFC 7662). Answers are remembered briefly, also that a token is not good. */
export class IntrospectionAuthenticator extends Authenticator {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly config: AuthConfig,
    private readonly now: () => number = Date.now,
  ) {
    super();
  }

  async authenticate(token: string | undefined): Promise<CallerAccount> {
    if (token === undefined) {
      throw unauthorized('the header Authorization: Bearer <token> is missing');
    }
    const answer = await this.answerTo(token);
    if (answer['active'] !== true) {
      throw unauthorized('the authorization server does not accept the token');
    }
    if (endOf(answer) <= this.now()) {
      throw unauthorized('the token has expired');
    }
    return accountOfClaims(answer, this.config.claims);
  }

  /** By the token's hash: a dump of this process then holds no tokens that still work. */
  private async answerTo(token: string): Promise<Answer> {
    const key = createHash('sha256').update(token).digest('base64');
    const known = this.remembered.get(key);
    if (known && this.now() < known.untilMs) {
      return known.answer;
    }
    const answer = await this.ask(token);
    this.remember(key, answer);
    return answer;
  }

  private remember(key: string, answer: Answer): void {
    this.remembered.delete(key);
    this.remembered.set(key, { answer, untilMs: this.now() + this.config.introspection.cacheSec * 1000 });
    const oldest = this.remembered.keys().next();
    if (this.remembered.size > MAX_REMEMBERED && !oldest.done) {
      this.remembered.delete(oldest.value);
    }
  }

  private async ask(token: string): Promise<Answer> {
    const { url, clientId, clientSecret } = this.config.introspection;
    const credentials = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          ...(clientId && { authorization: `Basic ${credentials.toString('base64')}` }),
        },
        body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
        redirect: 'error',
        signal: AbortSignal.timeout(this.config.timeoutMs),
      });
      if (!response.ok) {
        await response.body?.cancel();
        throw new Error(`the endpoint answered ${response.status}`);
      }
      return answerOf(await response.json());
    } catch (cause) {
      throw new ApiError(
        'ServiceUnavailable.Authentication',
        { reason: 'the introspection endpoint does not answer as it should' },
        { cause, logLevel: 'warn' },
      );
    }
  }
}

function answerOf(body: unknown): Answer {
  if (typeof body !== 'object' || body === null || typeof (body as Answer)['active'] !== 'boolean') {
    throw new Error('the endpoint answered something other than RFC 7662 says');
  }
  return body as Answer;
}

/** Epoch ms; a token without an end has none. */
function endOf({ exp }: Answer): number {
  return typeof exp === 'number' ? exp * 1000 : Infinity;
}
