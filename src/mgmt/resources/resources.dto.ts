import { ApiProperty } from '@nestjs/swagger';
import { IsOneOf, Optional, Rule } from '../http/field-rules.js';
import { PageLimit, PageOffset } from '../http/page.decorators.js';
import { IsOneText } from '../pipelines/dto/list-pipelines.dto.js';
import { type Direction, DIRECTIONS } from '../pipelines/list-query.js';

export const RESOURCE_TYPE = 'stream_data_pipeline';
const SORT_FIELDS = ['name'] as const;

/** Query of GET /resources. */
export class ResourcesQuery {
  @ApiProperty({ description: 'The only type of resource here', enum: [RESOURCE_TYPE] })
  @Rule({
    code: 'UnSupported.ResourceType',
    name: 'isResourceType',
    isKept: (value) => value === RESOURCE_TYPE,
    fault: 'is missing or not supported',
    limit: RESOURCE_TYPE,
  })
  // Missing is as little supported as any other word.
  resource_type: string = '';

  @ApiProperty({ description: 'Text that the name contains, literally', example: 'access', required: false })
  @IsOneText('InvalidParameter.Keyword')
  @Optional()
  keyword?: string;

  @PageOffset()
  offset?: number;

  @PageLimit(50)
  limit?: number;

  @ApiProperty({ description: 'Sorted by this', enum: SORT_FIELDS, default: 'name', required: false })
  @IsOneOf('InvalidParameter.Sort', SORT_FIELDS)
  @Optional()
  sort?: (typeof SORT_FIELDS)[number];

  @ApiProperty({ description: 'Order of the sort', enum: DIRECTIONS, default: 'asc', required: false })
  @IsOneOf('InvalidParameter.Direction', DIRECTIONS)
  @Optional()
  direction?: Direction;
}

export class ResourceDto {
  @ApiProperty({ description: 'Id of the pipeline', example: 'web-access-log' })
  id: string;

  @ApiProperty({ description: 'Always the same', enum: [RESOURCE_TYPE] })
  type: string;

  @ApiProperty({ description: 'Name of the pipeline', example: 'Web access log' })
  name: string;
}

export class ResourceListDto {
  @ApiProperty({ description: 'The resources of this page', type: () => [ResourceDto] })
  entries: ResourceDto[];

  @ApiProperty({ description: 'On all pages', type: 'integer', example: 1 })
  total_count: number;
}
