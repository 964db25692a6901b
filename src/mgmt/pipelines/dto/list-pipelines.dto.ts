import { ApiProperty } from '@nestjs/swagger';
import type { ErrorCode } from '../../errors/error-registry.js';
import { Changed, IsOneOf, Optional, Rule } from '../../http/field-rules.js';
import { PageLimit, PageOffset } from '../../http/page.decorators.js';
import {
  type Direction,
  DIRECTIONS,
  LISTED_STATUSES,
  type ListedStatus,
  SORT_FIELDS,
  type SortField,
} from '../list-query.js';
import { IsTag, TAG_PATTERN } from './pipeline-rules.js';

const FLAGS = ['true', 'false'] as const;

/** One value; the same parameter twice is a list. */
export function IsOneText(code: ErrorCode): PropertyDecorator {
  return Rule({
    code,
    name: 'isOneText',
    isKept: (value) => typeof value === 'string' && value.isWellFormed(),
    fault: (value) => (Array.isArray(value) ? 'is given more than once' : 'must be a text'),
  });
}

/** Every one of the repeated values is allowed. */
export function AreAll(code: ErrorCode, allowed: readonly string[]): PropertyDecorator {
  return Rule({
    code,
    name: 'areAll',
    isKept: (value) => asList(value).every((item) => allowed.includes(item as string)),
    fault: 'has a value that is not allowed',
    limit: allowed.join(', '),
  });
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Query of GET /pipelines. */
export class ListPipelinesDto {
  @ApiProperty({
    description: 'Text that the name contains; `%`, `_` and `\\` stand for themselves',
    ...{ example: 'access', required: false },
  })
  @IsOneText('InvalidParameter.NamePattern')
  @Optional()
  name_pattern?: string;

  @ApiProperty({ description: 'Sorted by this', enum: SORT_FIELDS, default: 'update_time', required: false })
  @IsOneOf('InvalidParameter.Sort', SORT_FIELDS)
  @Optional()
  sort?: SortField;

  @ApiProperty({ description: 'Order of the sort', enum: DIRECTIONS, default: 'desc', required: false })
  @IsOneOf('InvalidParameter.Direction', DIRECTIONS)
  @Optional()
  direction?: Direction;

  @PageOffset()
  offset?: number;

  @PageLimit(10)
  limit?: number;

  @ApiProperty({
    description: 'Only pipelines with this tag, as a whole',
    ...{ pattern: TAG_PATTERN, example: 'web', required: false },
  })
  @IsTag()
  @Optional()
  tag?: string;

  @ApiProperty({ description: 'Builtin ones or others; may be repeated', enum: FLAGS, isArray: true, required: false })
  @AreAll('InvalidParameter.Builtin', FLAGS)
  @Changed(asList)
  @Optional()
  builtin?: (typeof FLAGS)[number][];

  @ApiProperty({
    description: 'Only pipelines with one of these statuses; may be repeated',
    ...{ enum: LISTED_STATUSES, isArray: true, required: false },
  })
  @AreAll('InvalidParameter.Status', LISTED_STATUSES)
  @Changed(asList)
  @Optional()
  status?: ListedStatus[];
}
