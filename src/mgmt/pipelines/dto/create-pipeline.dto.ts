import { ApiProperty } from '@nestjs/swagger';
import { Changed, IsFlag, MaxCharacters, Optional } from '../../http/field-rules.js';
import { PipelineFieldsDto } from './pipeline-fields.dto.js';
import {
  ID_PATTERN,
  IsPipelineId,
  IsTopicName,
  MAX_ID_CHARACTERS,
  MAX_TOPIC_CHARACTERS,
  nothingForEmpty,
  TOPIC_PATTERN,
} from './pipeline-rules.js';

/** Body of POST /pipelines: what can be changed later, and what cannot. */
export class CreatePipelineDto extends PipelineFieldsDto {
  @ApiProperty({
    description: 'Made when absent; cannot be changed',
    ...{ pattern: ID_PATTERN.source, maxLength: MAX_ID_CHARACTERS, example: 'web-access-log', required: false },
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
    ...{ pattern: TOPIC_PATTERN.source, maxLength: MAX_TOPIC_CHARACTERS, example: 'shop.orders', required: false },
  })
  @IsTopicName()
  @Changed(nothingForEmpty)
  @Optional()
  input_topic?: string;
}
