import type { Operation } from '../../platform/http/operation.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { Permissions, PIPELINE_OPERATIONS } from './permissions.js';
import type { PoliciesRepository } from './policies.repository.js';

/** permission.mode none: everyone may do everything. Policies can be prepared meanwhile. */
export class UnlimitedPermissions extends Permissions {
  constructor(private readonly policies: PoliciesRepository) {
    super();
  }

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

  /** Else the next pipeline of this id would have them once they count. */
  async forget(pipelineId: string): Promise<void> {
    await this.policies.remove({ resource: pipelineId });
  }
}
