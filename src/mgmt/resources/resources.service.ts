import { Injectable } from '@nestjs/common';
import type { CallerAccount } from '../auth/caller-account.js';
import { Permissions } from '../permission/permissions.js';
import { PipelinesRepository } from '../pipelines/pipelines.repository.js';
import { RESOURCE_TYPE, type ResourceListDto, type ResourcesQuery } from './resources.dto.js';

@Injectable()
export class ResourcesService {
  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly permissions: Permissions,
  ) {}

  async list(
    { keyword, sort, direction, offset, limit }: ResourcesQuery,
    account: CallerAccount,
  ): Promise<ResourceListDto> {
    const ids = await this.permissions.filter(account, 'view_detail', () => this.pipelines.ids());
    const { entries, totalCount } = await this.pipelines.list({
      ids,
      ...{ namePattern: keyword ?? '', tag: '', builtin: [], status: [] },
      ...{ sort: sort ?? 'name', direction: direction ?? 'asc', offset: offset ?? 0, limit: limit ?? 50 },
    });
    return {
      entries: entries.map(({ id, name }) => ({ id, type: RESOURCE_TYPE, name })),
      total_count: totalCount,
    };
  }
}
