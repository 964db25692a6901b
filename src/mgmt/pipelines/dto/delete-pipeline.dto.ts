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

  @ApiProperty({
    description:
      'Its output topic goes too, with the records in it. Needs the operation `authorize` as well. Refused while another pipeline needs the topic; one that comes to need it before the deletion is through keeps it',
    enum: ['true', 'false'],
    required: false,
  })
  @IsOneOf('InvalidParameter.DeleteOutput', ['true', 'false'])
  @Optional()
  delete_output?: 'true' | 'false';
}
