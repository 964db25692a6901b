import type { Operation } from '../../platform/http/operation.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { Permissions, PIPELINE_OPERATIONS } from './permissions.js';
import type { PermissionService } from './permission-service.js';

const RESOURCE_TYPE = 'stream_data_pipeline';
/** There is no policy (any more) that could be deleted. */
const FORGOTTEN = [404, 410];

interface Resource {
  id: string;
  type: typeof RESOURCE_TYPE;
}

/**
 * permission.mode remote: an HTTP service decides.
 * `POST operation-check` {accessor, resource, operation} → {result};
 * `POST resource-filter` {accessor, resources, operation} → {entries: [{id, operation}]};
 * `POST policy` {accessor, resource, operation}; `POST policy-delete` {resources}.
 */
export class RemotePermissions extends Permissions {
  constructor(private readonly service: PermissionService) {
    super();
  }

  async isAllowed(account: CallerAccount, operation: Operation, resource: string): Promise<boolean> {
    const question = { accessor: accessorOf(account), resource: resourceOf(resource), operation: [operation] };
    const { result } = (await this.service.ask('operation-check', question)) as { result?: unknown };
    return result === true;
  }

  async operationsOn(
    account: CallerAccount,
    pipelineIds: readonly string[],
  ): Promise<ReadonlyMap<string, Operation[]>> {
    const allowed = pipelineIds.length > 0 ? await this.allowed(account, PIPELINE_OPERATIONS, pipelineIds) : new Map();
    return new Map(pipelineIds.map((id) => [id, (allowed.get(id) as Operation[] | undefined) ?? []]));
  }

  async filter(
    account: CallerAccount,
    operation: Operation,
    pipelineIds: () => Promise<readonly string[]>,
  ): Promise<ReadonlySet<string>> {
    const ids = await pipelineIds();
    const allowed = ids.length > 0 ? await this.allowed(account, [operation], ids) : new Map<string, Operation[]>();
    return new Set([...allowed].filter(([, operations]) => operations.includes(operation)).map(([id]) => id));
  }

  async registerCreator(account: CallerAccount, pipelineId: string): Promise<void> {
    await this.service.tell('policy', {
      accessor: accessorOf(account),
      resource: resourceOf(pipelineId),
      operation: PIPELINE_OPERATIONS,
    });
  }

  async forget(pipelineId: string): Promise<void> {
    await this.service.tell('policy-delete', { resources: [resourceOf(pipelineId)] }, FORGOTTEN);
  }

  private async allowed(
    account: CallerAccount,
    operations: readonly Operation[],
    pipelineIds: readonly string[],
  ): Promise<Map<string, Operation[]>> {
    const question = { accessor: accessorOf(account), resources: pipelineIds.map(resourceOf), operation: operations };
    const { entries } = (await this.service.ask('resource-filter', question)) as { entries?: unknown };
    return new Map(
      listOf(entries).map(({ id, operation }) => [
        String(id),
        operations.filter((known) => Array.isArray(operation) && operation.includes(known)),
      ]),
    );
  }
}

function accessorOf({ id, type, roles }: CallerAccount) {
  return { id, type, roles };
}

function resourceOf(id: string): Resource {
  return { id, type: RESOURCE_TYPE };
}

/** Anything else than the agreed form allows nothing. */
function listOf(entries: unknown): { id?: unknown; operation?: unknown }[] {
  return Array.isArray(entries)
    ? entries.filter((entry): entry is object => typeof entry === 'object' && entry !== null)
    : [];
}
