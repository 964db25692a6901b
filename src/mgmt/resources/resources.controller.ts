import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { INTERNAL_BASE, PUBLIC_BASE } from '../../platform/http/api-bases.js';
import { FilteredBy } from '../../platform/http/route-access.decorator.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { Caller } from '../auth/caller.decorator.js';
import { answerHeaders, ApiErrors } from '../http/api-errors.decorator.js';
import { ResourceListDto, ResourcesQuery } from './resources.dto.js';
import { ResourcesService } from './resources.service.js';

const resourceListExample: ResourceListDto = {
  entries: [{ id: 'web-access-log', type: 'stream_data_pipeline', name: 'Web access log' }],
  total_count: 1,
};

@ApiTags('resources')
@ApiBearerAuth()
@Controller([`${PUBLIC_BASE}/resources`, `${INTERNAL_BASE}/resources`])
export class ResourcesController {
  constructor(private readonly resources: ResourcesService) {}

  @Get()
  @FilteredBy('view_detail')
  @ApiOperation({ summary: 'Ids and names of pipelines', description: 'For pages on which permissions are given.' })
  @ApiOkResponse({
    description: 'A page of them',
    ...{ type: ResourceListDto, example: resourceListExample, headers: answerHeaders },
  })
  @ApiErrors(
    'UnSupported.ResourceType',
    'InvalidParameter.Keyword',
    'InvalidParameter.Offset',
    'InvalidParameter.Limit',
    'InvalidParameter.Sort',
    'InvalidParameter.Direction',
  )
  async list(@Query() query: ResourcesQuery, @Caller() account: CallerAccount): Promise<ResourceListDto> {
    return this.resources.list(query, account);
  }
}
