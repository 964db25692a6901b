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

/**
 * Body of PUT /pipelines/:id. It replaces everything that can be changed: what is left out has its default again. What
 * cannot be changed may be sent along as it is, for callers that send back what they read.
 */
export class UpdatePipelineDto extends PipelineFieldsDto {
  @ApiProperty({
    description: 'Only as it is',
    ...{ pattern: ID_PATTERN.source, maxLength: MAX_ID_CHARACTERS, example: 'web-access-log', required: false },
  })
  @MaxCharacters('LengthExceeded.PipelineID', MAX_ID_CHARACTERS)
  @IsPipelineId()
  @Changed(nothingForEmpty)
  @Optional()
  id?: string;

  @ApiProperty({ description: 'Only as it is', required: false })
  @IsFlag('InvalidParameter.Builtin')
  @Optional()
  builtin?: boolean;

  @ApiProperty({
    description: 'Only as it is',
    ...{ pattern: TOPIC_PATTERN.source, maxLength: MAX_TOPIC_CHARACTERS, example: 'shop.orders', required: false },
  })
  @IsTopicName()
  @Changed(nothingForEmpty)
  @Optional()
  input_topic?: string;
}
