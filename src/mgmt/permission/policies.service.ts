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
    const { type, id } = accessor;
    const policies = operations.map((operation) => ({ accessor: { type, id }, resource, operation }));
    if (resource === WHOLE_SERVICE) {
      await this.policies.add(policies);
      return;
    }
    // Under the lock: a policy that a deletion does not see would be waiting for the next pipeline of this id.
    const found = await this.pipelines.locked(resource, async ({ desired }) => {
      if (desired === 'deleting') {
        throw new ApiError('Conflict.PipelineDeleting');
      }
      await this.policies.add(policies);
      return true;
    });
    if (!found) {
      throw new ApiError('NotFound.Pipeline');
    }
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
