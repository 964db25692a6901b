import { Injectable } from '@nestjs/common';
import { PipelinesRepository } from '../pipelines/pipelines.repository.js';
import { RESOURCE_TYPE, type ResourceListDto, type ResourcesQuery } from './resources.dto.js';

@Injectable()
export class ResourcesService {
  constructor(private readonly pipelines: PipelinesRepository) {}

  async list({ keyword, sort, direction, offset, limit }: ResourcesQuery): Promise<ResourceListDto> {
    const { entries, totalCount } = await this.pipelines.list({
      ...{ namePattern: keyword ?? '', tag: '', builtin: [], status: [] },
      ...{ sort: sort ?? 'name', direction: direction ?? 'asc', offset: offset ?? 0, limit: limit ?? 50 },
    });
    return {
      entries: entries.map(({ id, name }) => ({ id, type: RESOURCE_TYPE, name })),
      total_count: totalCount,
    };
  }
}
