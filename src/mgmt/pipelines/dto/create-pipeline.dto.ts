import { ApiProperty } from '@nestjs/swagger';
import { Changed, IsFlag, MaxCharacters, Optional } from '../../http/field-rules.js';
import { PipelineFieldsDto } from './pipeline-fields.dto.js';
import { IsPipelineId, IsTopicName, MAX_ID_CHARACTERS, nothingForEmpty } from './pipeline-rules.js';

/** Body of POST /pipelines: what can be changed later, and what cannot. */
export class CreatePipelineDto extends PipelineFieldsDto {
  @ApiProperty({
    description: 'Made when absent; cannot be changed',
    ...{ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', maxLength: 40, example: 'web-access-log', required: false },
  })
  @MaxCharacters('LengthExceeded.PipelineID', MAX_ID_CHARACTERS)
  @IsPipelineId()
  @Changed(nothingForEmpty)
  @Optional()
  id?: string;

  @ApiProperty({ description: 'Cannot be deleted through the public API', default: false, required: false })
  @IsFlag('InvalidParameter.Builtin')
  @Optional()
  builtin?: boolean;

  @ApiProperty({
    description: 'An existing Kafka topic to read from; it is never changed or deleted. Absent: one is made',
    ...{ pattern: '^[a-zA-Z0-9._-]{1,249}$', example: 'shop.orders', required: false },
  })
  @IsTopicName()
  @Changed(nothingForEmpty)
  @Optional()
  input_topic?: string;
}
