import { ApiProperty } from '@nestjs/swagger';
import { Changed, IsFlag, MaxCharacters, Optional } from '../../http/field-rules.js';
import { PipelineFieldsDto } from './pipeline-fields.dto.js';
import { IsPipelineId, IsTopicName, MAX_ID_CHARACTERS, nothingForEmpty } from './pipeline-rules.js';

/**
 * Body of PUT /pipelines/:id. It replaces everything that can be changed: what is left out has its default again. What
 * cannot be changed may be sent along as it is, for callers that send back what they read.
 */
export class UpdatePipelineDto extends PipelineFieldsDto {
  @ApiProperty({ description: 'Only as it is', maxLength: 40, example: 'web-access-log', required: false })
  @MaxCharacters('LengthExceeded.PipelineID', MAX_ID_CHARACTERS)
  @IsPipelineId()
  @Changed(nothingForEmpty)
  @Optional()
  id?: string;

  @ApiProperty({ description: 'Only as it is', required: false })
  @IsFlag('InvalidParameter.Builtin')
  @Optional()
  builtin?: boolean;

  @ApiProperty({ description: 'Only as it is', example: 'default.sdp.web-access-log.input', required: false })
  @IsTopicName()
  @Changed(nothingForEmpty)
  @Optional()
  input_topic?: string;
}
