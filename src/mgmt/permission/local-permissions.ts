import type { Operation } from '../../platform/http/operation.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { Permissions, PIPELINE_OPERATIONS, WHOLE_SERVICE } from './permissions.js';
import type { Accessor, PoliciesRepository } from './policies.repository.js';

/** permission.mode local: by the policies in the database. A policy on `*` holds for every pipeline. */
export class LocalPermissions extends Permissions {
  private readonly administrators: ReadonlySet<string>;

  constructor(
    private readonly policies: PoliciesRepository,
    administrators: readonly string[],
  ) {
    super();
    this.administrators = new Set(administrators);
  }

  async isAllowed(account: CallerAccount, operation: Operation, resource: string): Promise<boolean> {
    if (this.isAdministrator(account)) {
      return true;
    }
    const held = await this.policies.heldOn(accessorsOf(account), [resource, WHOLE_SERVICE]);
    return held.some((policy) => policy.operation === operation);
  }

  async operationsOn(
    account: CallerAccount,
    pipelineIds: readonly string[],
  ): Promise<ReadonlyMap<string, Operation[]>> {
    if (this.isAdministrator(account)) {
      return new Map(pipelineIds.map((id) => [id, [...PIPELINE_OPERATIONS]]));
    }
    const held = await this.policies.heldOn(accessorsOf(account), [...pipelineIds, WHOLE_SERVICE]);
    const onAll = held.filter(({ resource }) => resource === WHOLE_SERVICE);
    const byPipeline = Map.groupBy(held, ({ resource }) => resource);
    return new Map(
      pipelineIds.map((id) => {
        const operations = new Set([...onAll, ...(byPipeline.get(id) ?? [])].map(({ operation }) => operation));
        return [id, PIPELINE_OPERATIONS.filter((operation) => operations.has(operation))];
      }),
    );
  }

  async filter(account: CallerAccount, operation: Operation): Promise<ReadonlySet<string> | undefined> {
    if (this.isAdministrator(account)) {
      return undefined;
    }
    const held = await this.policies.held(accessorsOf(account), { operations: [operation] });
    const resources = new Set(held.map(({ resource }) => resource));
    return resources.has(WHOLE_SERVICE) ? undefined : resources;
  }

  async registerCreator({ type, id }: CallerAccount, pipelineId: string): Promise<void> {
    await this.policies.add(
      PIPELINE_OPERATIONS.map((operation) => ({ accessor: { type, id }, resource: pipelineId, operation })),
    );
  }

  async forget(pipelineId: string): Promise<void> {
    await this.policies.remove({ resource: pipelineId });
  }

  private isAdministrator(account: CallerAccount): boolean {
    return accessorsOf(account).some(({ type, id }) => this.administrators.has(`${type}:${id}`));
  }
}

function accessorsOf({ type, id, roles }: CallerAccount): Accessor[] {
  return [{ type, id }, ...roles.map((role) => ({ type: 'role', id: role }))];
}
