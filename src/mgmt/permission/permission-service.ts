import { setTimeout as delay } from 'node:timers/promises';
import type { RemotePermissionConfig } from '../../config/permission-config.js';
import { ApiError } from '../errors/api-error.js';

const FIRST_RETRY_MS = 100;
const BUSY: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What a repeated attempt cannot mend. */
class Refused extends Error {}

/**
 * Calls of the remote permission service, each with a time-out and a few attempts. Rejects with
 * ServiceUnavailable.Permission when it does not answer, with InternalError.Permission when it answers something else than
 * agreed.
 */
export class PermissionService {
  constructor(private readonly config: RemotePermissionConfig) {}

  async ask(path: string, body: object): Promise<object> {
    const answer = parsed(await this.call(path, body, (response) => response.text()));
    if (typeof answer !== 'object' || answer === null) {
      throw unexpected(new Error(`the permission service answered ${path} with something other than a JSON object`));
    }
    return answer;
  }

  /** `fine`: statuses beside 2xx that are as good. */
  async tell(path: string, body: object, fine: readonly number[] = []): Promise<void> {
    await this.call(path, body, (response) => response.arrayBuffer(), fine);
  }

  private async call<T>(
    path: string,
    body: object,
    read: (response: Response) => Promise<T>,
    fine: readonly number[] = [],
  ): Promise<T> {
    const { retries } = this.config;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.attempt(path, body, read, fine);
      } catch (error) {
        if (error instanceof Refused) {
          throw unexpected(error);
        }
        if (attempt >= retries) {
          throw unavailable(error);
        }
        await delay(Math.random() * FIRST_RETRY_MS * 2 ** attempt);
      }
    }
  }

  private async attempt<T>(
    path: string,
    body: object,
    read: (response: Response) => Promise<T>,
    fine: readonly number[],
  ): Promise<T> {
    const { url, token, timeoutMs } = this.config;
    const response = await fetch(`${url.replace(/\/$/, '')}/${path}`, {
      method: 'POST',
      headers: {
        ...{ accept: 'application/json', 'content-type': 'application/json' },
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.ok || fine.includes(response.status)) {
      return read(response);
    }
    await response.body?.cancel();
    const told = `the permission service answered ${path} with ${response.status}`;
    throw BUSY.has(response.status) ? new Error(told) : new Refused(told);
  }
}

/** Undefined when it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unavailable(cause: unknown): ApiError {
  const details = { reason: 'the permission service does not answer' };
  return new ApiError('ServiceUnavailable.Permission', details, { cause, logLevel: 'warn' });
}

function unexpected(cause: Error): ApiError {
  return new ApiError('InternalError.Permission', { reason: cause.message }, { cause, logLevel: 'error' });
}
