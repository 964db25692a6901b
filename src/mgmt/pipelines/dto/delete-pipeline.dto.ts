import { ApiProperty } from '@nestjs/swagger';
import { IsOneOf, Optional } from '../../http/field-rules.js';

/** Query of DELETE /pipelines/:id. */
export class DeletePipelineDto {
  @ApiProperty({
    description: 'Also when it is running; it is stopped first',
    enum: ['true', 'false'],
    required: false,
  })
  @IsOneOf('InvalidParameter.Force', ['true', 'false'])
  @Optional()
  force?: 'true' | 'false';
}
