import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { INTERNAL_BASE, PUBLIC_BASE } from '../../platform/http/api-bases.js';
import { RequiresOperation } from '../../platform/http/route-access.decorator.js';
import { answerHeaders as headers, ApiErrors } from '../http/api-errors.decorator.js';
import { ExampledBody } from '../http/exampled-body.decorator.js';
import { NoQuery } from '../http/no-query.dto.js';
import { GrantDto, ListPoliciesDto, PolicyListDto, RevokeDto } from './policies.dto.js';
import { PoliciesService } from './policies.service.js';

const grantExamples = {
  account: {
    summary: 'An account may start and stop one pipeline',
    value: {
      accessor: { type: 'user', id: 'alice' },
      resource: 'web-access-log',
      operations: ['view_detail', 'operate'],
    },
  },
  role: {
    summary: 'A role may see all pipelines, and create',
    value: { accessor: { type: 'role', id: 'operators' }, resource: '*', operations: ['view_detail', 'create'] },
  },
};
const policyListExample: PolicyListDto = {
  entries: [{ accessor: { type: 'user', id: 'alice' }, resource: 'web-access-log', operation: 'operate' }],
  total_count: 1,
};

@ApiTags('policies')
@ApiBearerAuth()
@Controller([`${PUBLIC_BASE}/policies`, `${INTERNAL_BASE}/policies`])
export class PoliciesController {
  constructor(private readonly policies: PoliciesService) {}

  @Get()
  @RequiresOperation('authorize', 'query')
  @ApiOperation({
    summary: 'List local policies',
    description: 'Of one `resource` for who may authorize it, of all for who may authorize everything.',
  })
  @ApiOkResponse({ description: 'A page of them', type: PolicyListDto, example: policyListExample, headers })
  @ApiErrors(
    'InvalidParameter.Resource',
    'InvalidParameter.Accessor',
    'InvalidParameter.Offset',
    'InvalidParameter.Limit',
    'UnSupported.Policies',
  )
  async list(@Query() query: ListPoliciesDto): Promise<PolicyListDto> {
    return this.policies.list(query);
  }

  @Post()
  @RequiresOperation('authorize', 'body')
  @ApiOperation({ summary: 'Give rights', description: 'Rights that are held already stay.' })
  @ExampledBody(GrantDto, grantExamples)
  @ApiCreatedResponse({ description: 'They are held from now on', headers })
  @ApiErrors(
    'InvalidParameter.Accessor',
    'InvalidParameter.Resource',
    'InvalidParameter.Operations',
    'NullParameter.Accessor',
    'NullParameter.Resource',
    'NullParameter.Operations',
    'UnSupported.Policies',
    'NotFound.Pipeline',
    'Conflict.PipelineDeleting',
  )
  async grant(@Body() body: GrantDto, @Query() _query: NoQuery): Promise<void> {
    await this.policies.grant(body);
  }

  @Delete()
  @RequiresOperation('authorize', 'query')
  @ApiOperation({ summary: 'Take rights away', description: 'Rights that are not held are no fault.' })
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'They are not held any more', headers })
  @ApiErrors(
    'InvalidParameter.Accessor',
    'InvalidParameter.Resource',
    'InvalidParameter.Operations',
    'NullParameter.Accessor',
    'NullParameter.Resource',
    'UnSupported.Policies',
  )
  async revoke(@Query() query: RevokeDto): Promise<void> {
    await this.policies.revoke(query);
  }
}
