import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, AppConfig } from '../../config/app-config.js';
import { handlerSecretsOf } from '../../config/handlers-config.js';
import { checkHandlers } from '../../handlers/check-handlers.js';
import type { HandlerResources } from '../../handlers/handler-type.js';
import { secretsByName } from '../../handlers/secrets-by-name.js';
import type { Fault } from '../errors/api-error.js';

/** Tells whether a pipeline's handlers can be used, as the workers will find out with the same configuration. */
@Injectable()
export class HandlerCheck {
  private readonly resources: HandlerResources;

  constructor(@Inject(APP_CONFIG) { handlers }: AppConfig) {
    this.resources = secretsByName(handlerSecretsOf(handlers));
  }

  /** A list that is left out, or null, which means the same, has no faults. */
  faultsOf(handlers?: readonly unknown[] | null): Fault[] {
    return checkHandlers(handlers ?? [], this.resources).map((fault) => ({
      code: 'InvalidParameter.Handlers',
      ...fault,
    }));
  }

  /** Names of the secrets that usable handlers ask for. */
  secretsOf(handlers: readonly unknown[]): string[] {
    const asked = new Set<string>();
    checkHandlers(handlers, { secret: (name) => (asked.add(name), this.resources.secret(name)) });
    return [...asked];
  }
}
