import type { Provider } from '@nestjs/common';
import type { AuthConfig } from '../../config/auth-config.js';
import { Authenticator, OpenAuthenticator } from './authenticator.js';
import { IntrospectionAuthenticator } from './introspection-authenticator.js';
import { JwtAuthenticator } from './jwt-authenticator.js';

/** The one way of authentication that is configured. */
export function authenticationProvider(config: AuthConfig): Provider {
  return { provide: Authenticator, useFactory: () => authenticatorOf(config) };
}

function authenticatorOf(config: AuthConfig): Authenticator {
  switch (config.mode) {
    case 'none':
      return new OpenAuthenticator();
    case 'jwt':
      return new JwtAuthenticator(config);
    case 'introspection':
      return new IntrospectionAuthenticator(config);
  }
}
