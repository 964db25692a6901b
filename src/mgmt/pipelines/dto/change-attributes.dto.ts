import { ApiProperty } from '@nestjs/swagger';
import { IsOneOf, IsText, MaxCharacters, Optional } from '../../http/field-rules.js';
import { MAX_STATUS_DETAILS_CHARACTERS } from './pipeline-rules.js';

/** What a worker may report; callers may ask for all but `error`. */
export const REPORTED_STATUSES = ['running', 'close', 'error'] as const;

/** Body of PUT /pipelines/:id/attrs/:fields: the fields that the path names. */
export class ChangeAttributesDto {
  @ApiProperty({
    description: 'running starts it, close stops it; error is for reports of workers only',
    ...{ enum: REPORTED_STATUSES, example: 'close', required: false },
  })
  @IsOneOf('InvalidParameter.Status', REPORTED_STATUSES)
  @Optional()
  status?: (typeof REPORTED_STATUSES)[number];

  @ApiProperty({
    description: 'The cause in words, shown until the next change or report',
    ...{ maxLength: MAX_STATUS_DETAILS_CHARACTERS, example: 'stopped for maintenance', required: false },
  })
  @MaxCharacters('LengthExceeded.StatusDetails', MAX_STATUS_DETAILS_CHARACTERS)
  @IsText('InvalidParameter.StatusDetails')
  @Optional()
  status_details?: string;
}

/** Query of PUT /pipelines/:id/attrs/:fields. */
export class ChangeAttributesQuery {
  @ApiProperty({
    description: "A worker's report; on the internal port only",
    ...{ enum: ['true', 'false'], required: false },
  })
  @IsOneOf('InvalidParameter.IsInnerRequest', ['true', 'false'])
  @Optional()
  is_inner_request?: 'true' | 'false';
}
