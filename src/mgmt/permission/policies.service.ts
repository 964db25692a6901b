import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, AppConfig } from '../../config/app-config.js';
import { ApiError } from '../errors/api-error.js';
import { NO_LIMIT } from '../http/page.decorators.js';
import { PipelinesRepository } from '../pipelines/pipelines.repository.js';
import { WHOLE_SERVICE } from './permissions.js';
import type { GrantDto, ListPoliciesDto, PolicyListDto, RevokeDto } from './policies.dto.js';
import { PoliciesRepository } from './policies.repository.js';

/** Gives and takes local rights. With permission.mode none they can be prepared; remote ones are given elsewhere. */
@Injectable()
export class PoliciesService {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly policies: PoliciesRepository,
    private readonly pipelines: PipelinesRepository,
  ) {}

  async list(query: ListPoliciesDto): Promise<PolicyListDto> {
    this.requireLocal();
    const { resource, accessor_type: type, accessor_id: id, offset = 0, limit = 50 } = query;
    const page = { offset, limit: limit === NO_LIMIT ? Number.MAX_SAFE_INTEGER : limit };
    const { entries, totalCount } = await this.policies.list({ resource, accessor: { type, id } }, page);
    return { entries, total_count: totalCount };
  }

  async grant({ accessor, resource, operations }: GrantDto): Promise<void> {
    this.requireLocal();
    if (resource !== WHOLE_SERVICE && !(await this.pipelines.find(resource))) {
      throw new ApiError('NotFound.Pipeline');
    }
    const { type, id } = accessor;
    await this.policies.add(operations.map((operation) => ({ accessor: { type, id }, resource, operation })));
  }

  async revoke({ accessor_type: type, accessor_id: id, resource, operation: operations }: RevokeDto): Promise<void> {
    this.requireLocal();
    await this.policies.remove({ accessor: { type, id }, resource, operations });
  }

  private requireLocal(): void {
    if (this.config.permission.mode === 'remote') {
      throw new ApiError('UnSupported.Policies');
    }
  }
}
