import { ApiProperty } from '@nestjs/swagger';
import { IsOneOf, Optional } from '../../http/field-rules.js';

/** Query of POST /pipelines and PUT /pipelines/:id. */
export class SkipTestsDto {
  @ApiProperty({
    description: 'Store the tests of the pipeline without running them. Needs the operation `authorize` as well',
    enum: ['true', 'false'],
    required: false,
  })
  @IsOneOf('InvalidParameter.SkipTests', ['true', 'false'])
  @Optional()
  skip_tests?: 'true' | 'false';
}
