import type { CallerAccount } from './caller-account.js';

/** Says who sends a request of the public API. */
export abstract class Authenticator {
  /**
   * `token` is that of the header `Authorization: Bearer`, undefined when there is none. Rejects with Unauthorized when
   * the token is not good, with ServiceUnavailable.Authentication when nobody can tell now.
   */
  abstract authenticate(token: string | undefined): Promise<CallerAccount>;
}

/** Everyone is the administrator. */
export class OpenAuthenticator extends Authenticator {
  authenticate(): Promise<CallerAccount> {
    return Promise.resolve({ id: 'admin', type: 'user', name: 'admin', roles: [] });
  }
}
