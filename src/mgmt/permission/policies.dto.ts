import { ApiProperty } from '@nestjs/swagger';
import { type Operation, OPERATIONS } from '../../platform/http/operation.js';
import { Changed, IsText, MaxCharacters, Nested, Optional, Required, Rule } from '../http/field-rules.js';
import { PageLimit, PageOffset } from '../http/page.decorators.js';
import { asList, AreAll, IsOneText } from '../pipelines/dto/list-pipelines.dto.js';
import { ID_PATTERN, MAX_ID_CHARACTERS } from '../pipelines/dto/pipeline-rules.js';
import { WHOLE_SERVICE } from './permissions.js';

const MAX_ACCESSOR_TYPE_CHARACTERS = 20;
const MAX_ACCESSOR_ID_CHARACTERS = 255;
const RESOURCE_PATTERN = `^(\\*|[a-z0-9][a-z0-9-]{0,${MAX_ID_CHARACTERS - 1}})$`;

/** The id of a pipeline, or `*`. */
function IsResource(): PropertyDecorator {
  return Rule({
    code: 'InvalidParameter.Resource',
    name: 'isResource',
    isKept: (value) =>
      value === WHOLE_SERVICE ||
      (typeof value === 'string' && value.length <= MAX_ID_CHARACTERS && ID_PATTERN.test(value)),
    fault: 'is not the id of a pipeline',
    limit: 'the id of a pipeline, or * for all',
  });
}

function AreOperations(): PropertyDecorator {
  return Rule({
    code: 'InvalidParameter.Operations',
    name: 'areOperations',
    isKept: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every((item) => OPERATIONS.includes(item as Operation)),
    fault: 'is not a list of different operations',
    limit: OPERATIONS.join(', '),
  });
}

export class AccessorDto {
  @ApiProperty({
    description: '`role`, or the type of an account',
    maxLength: MAX_ACCESSOR_TYPE_CHARACTERS,
    example: 'user',
  })
  @MaxCharacters('InvalidParameter.Accessor', MAX_ACCESSOR_TYPE_CHARACTERS)
  @IsText('InvalidParameter.Accessor')
  @Required('NullParameter.Accessor')
  type: string;

  @ApiProperty({
    description: 'Id of the account, or name of the role',
    ...{ maxLength: MAX_ACCESSOR_ID_CHARACTERS, example: 'alice' },
  })
  @MaxCharacters('InvalidParameter.Accessor', MAX_ACCESSOR_ID_CHARACTERS)
  @IsText('InvalidParameter.Accessor')
  @Required('NullParameter.Accessor')
  id: string;
}

/** Body of POST /policies: the accessor may do these operations to the resource. */
export class GrantDto {
  @ApiProperty({ description: 'Who may', type: () => AccessorDto })
  @Nested('InvalidParameter.Accessor', () => AccessorDto)
  @Required('NullParameter.Accessor')
  accessor: AccessorDto;

  @ApiProperty({
    description: 'Id of a pipeline, or * for all of them and the service',
    ...{ pattern: RESOURCE_PATTERN, example: 'web-access-log' },
  })
  @IsResource()
  @Required('NullParameter.Resource')
  resource: string;

  @ApiProperty({
    description: 'What it may do, each once',
    ...{ enum: OPERATIONS, isArray: true, minItems: 1, uniqueItems: true, example: ['view_detail', 'operate'] },
  })
  @AreOperations()
  @Required('NullParameter.Operations')
  operations: Operation[];
}

/** Query of DELETE /policies. */
export class RevokeDto {
  @ApiProperty({ description: 'Id of a pipeline, or *', pattern: RESOURCE_PATTERN, example: 'web-access-log' })
  @IsResource()
  @Required('NullParameter.Resource')
  resource: string;

  @ApiProperty({ description: '`role`, or the type of an account', example: 'user' })
  @IsOneText('InvalidParameter.Accessor')
  @Required('NullParameter.Accessor')
  accessor_type: string;

  @ApiProperty({ description: 'Id of the account, or name of the role', example: 'alice' })
  @IsOneText('InvalidParameter.Accessor')
  @Required('NullParameter.Accessor')
  accessor_id: string;

  @ApiProperty({
    description: 'What it may not do any more; may be repeated; absent: all',
    ...{ enum: OPERATIONS, isArray: true, required: false },
  })
  @AreAll('InvalidParameter.Operations', OPERATIONS)
  @Changed(asList)
  @Optional()
  operation?: Operation[];
}

/** Query of GET /policies. */
export class ListPoliciesDto {
  @ApiProperty({
    description: 'Only those of this pipeline, or of *',
    ...{ pattern: RESOURCE_PATTERN, example: 'web-access-log', required: false },
  })
  @IsResource()
  @Optional()
  resource?: string;

  @ApiProperty({ description: 'Only those of this type of accessor', example: 'user', required: false })
  @IsOneText('InvalidParameter.Accessor')
  @Optional()
  accessor_type?: string;

  @ApiProperty({ description: 'Only those of this accessor', example: 'alice', required: false })
  @IsOneText('InvalidParameter.Accessor')
  @Optional()
  accessor_id?: string;

  @PageOffset()
  offset?: number;

  @PageLimit(50)
  limit?: number;
}

export class PolicyDto {
  @ApiProperty({ description: 'Who may', type: () => AccessorDto })
  accessor: AccessorDto;

  @ApiProperty({ description: 'Id of a pipeline, or *', example: 'web-access-log' })
  resource: string;

  @ApiProperty({ description: 'What it may do', enum: OPERATIONS })
  operation: Operation;
}

export class PolicyListDto {
  @ApiProperty({ description: 'The policies of this page', type: () => [PolicyDto] })
  entries: PolicyDto[];

  @ApiProperty({ description: 'On all pages', type: 'integer', example: 1 })
  total_count: number;
}
