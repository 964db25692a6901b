import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In } from 'typeorm';
import { Database } from '../../platform/database/database.js';
import type { Operation } from '../../platform/http/operation.js';
import { PolicyEntity } from './policy.entity.js';

/** An account (by type and id) or a role. */
export interface Accessor {
  type: string;
  id: string;
}

export interface Policy {
  accessor: Accessor;
  /** Id of a pipeline, or `*`. */
  resource: string;
  operation: Operation;
}

/** What an absent key means: any. */
export interface PolicyFilter {
  accessor?: Partial<Accessor>;
  resource?: string;
  operations?: readonly Operation[];
}

@Injectable()
export class PoliciesRepository {
  constructor(private readonly database: Database) {}

  /** Adding what is there already changes nothing. */
  async add(policies: readonly Policy[], now = Date.now()): Promise<void> {
    const rows = policies.map(({ accessor, resource, operation }) => ({
      ...{ accessorType: accessor.type, accessorId: accessor.id, resource, operation },
      createTime: now,
    }));
    await this.database.run((manager) =>
      manager.createQueryBuilder().insert().into(PolicyEntity).values(rows).orIgnore().execute(),
    );
  }

  async remove(filter: PolicyFilter): Promise<void> {
    await this.database.run((manager) => manager.delete(PolicyEntity, where(filter)));
  }

  /** A page in the order of accessor, resource and operation, and how many there are on all pages. */
  async list(
    filter: PolicyFilter,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<{ entries: Policy[]; totalCount: number }> {
    const [rows, totalCount] = await this.database.run((manager) =>
      manager.findAndCount(PolicyEntity, {
        where: where(filter),
        order: { accessorType: 'ASC', accessorId: 'ASC', resource: 'ASC', operation: 'ASC' },
        skip: offset,
        take: limit,
      }),
    );
    return { entries: rows.map(toPolicy), totalCount };
  }

  /** What any of the accessors may do to the resources. */
  async held(accessors: readonly Accessor[], filter: Omit<PolicyFilter, 'accessor'>): Promise<Policy[]> {
    const rows = await this.database.run((manager) =>
      manager.findBy(
        PolicyEntity,
        accessors.map((accessor) => where({ ...filter, accessor })),
      ),
    );
    return rows.map(toPolicy);
  }

  /** As {@link held}, of several resources at once. */
  async heldOn(accessors: readonly Accessor[], resources: readonly string[]): Promise<Policy[]> {
    const rows = await this.database.run((manager) =>
      manager.findBy(
        PolicyEntity,
        accessors.map((accessor) => ({ ...where({ accessor }), resource: In([...resources]) })),
      ),
    );
    return rows.map(toPolicy);
  }
}

function where({ accessor, resource, operations }: PolicyFilter): FindOptionsWhere<PolicyEntity> {
  return {
    ...(accessor?.type !== undefined && { accessorType: accessor.type }),
    ...(accessor?.id !== undefined && { accessorId: accessor.id }),
    ...(resource !== undefined && { resource }),
    ...(operations !== undefined && { operation: In([...operations]) }),
  };
}

function toPolicy({ accessorType, accessorId, resource, operation }: PolicyEntity): Policy {
  return { accessor: { type: accessorType, id: accessorId }, resource, operation: operation as Operation };
}
