import type { Operation } from '../../platform/http/operation.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { Permissions, PIPELINE_OPERATIONS } from './permissions.js';

/** permission.mode none: everyone may do everything. */
export class UnlimitedPermissions extends Permissions {
  isAllowed(): Promise<boolean> {
    return Promise.resolve(true);
  }

  operationsOn(_account: CallerAccount, pipelineIds: readonly string[]): Promise<ReadonlyMap<string, Operation[]>> {
    return Promise.resolve(new Map(pipelineIds.map((id) => [id, [...PIPELINE_OPERATIONS]])));
  }

  filter(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  registerCreator(): Promise<void> {
    return Promise.resolve();
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }
}
