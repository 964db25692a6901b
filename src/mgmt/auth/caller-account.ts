import type { Account } from '../../domain/pipeline.js';

/** The account behind a request, with the roles that its token names. */
export interface CallerAccount extends Account {
  roles: readonly string[];
}

/** As long as their columns. */
export const MAX_ACCOUNT_ID_CHARACTERS = 40;
export const MAX_ACCOUNT_TYPE_CHARACTERS = 20;
export const MAX_ACCOUNT_NAME_CHARACTERS = 255;
