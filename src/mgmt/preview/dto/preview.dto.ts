import { ApiProperty } from '@nestjs/swagger';
import type { WrittenRecord } from '../../../domain/pipeline-test.js';
import { Changed, InRange, IsWhole, MaxCharacters, Nested, Optional, Rule } from '../../http/field-rules.js';
import { CreatePipelineDto } from '../../pipelines/dto/create-pipeline.dto.js';
import { ID_PATTERN, IsPipelineId, MAX_ID_CHARACTERS, nothingForEmpty } from '../../pipelines/dto/pipeline-rules.js';
import { WrittenRecordDto } from '../../pipelines/dto/written-record.dto.js';

export const MAX_RECORDS = 100;
const DEFAULT_PEEK = 10;

/**
 * As the body of a create, so that one can be tried out as it is. What decides about records counts: id, index_base,
 * use_index_base_in_data, handlers, document_version and settings.tombstones; input_topic says what is looked at.
 */
export class PreviewedPipelineDto extends CreatePipelineDto {
  @ApiProperty({ description: 'Of no effect here', required: false, example: 'Web access log' })
  @Optional()
  override name: string = 'preview';

  @ApiProperty({
    description: 'Index base (type) of the documents; without `id` required unless `use_index_base_in_data`',
    ...{ required: false, example: 'web' },
  })
  @Optional()
  override index_base?: string;
}

export class PeekDto {
  @ApiProperty({
    description: 'How many of the newest records, over all partitions',
    ...{ type: 'integer', minimum: 1, maximum: MAX_RECORDS, default: DEFAULT_PEEK, required: false },
  })
  @InRange('InvalidParameter.Peek', 1, MAX_RECORDS)
  @IsWhole('InvalidParameter.Peek')
  @Optional()
  last: number = DEFAULT_PEEK;
}

/** Body of POST /pipelines/preview. */
export class PreviewDto {
  @ApiProperty({
    description: 'Pipeline that is there, in whatever state. This, `pipeline`, or both',
    ...{ pattern: ID_PATTERN.source, maxLength: MAX_ID_CHARACTERS, required: false, example: 'web-access-log' },
  })
  @MaxCharacters('LengthExceeded.PipelineID', MAX_ID_CHARACTERS)
  @IsPipelineId()
  @Changed(nothingForEmpty)
  @Optional()
  id?: string;

  @ApiProperty({
    description: 'Pipeline as it might be; with `id`: what would be changed of that one',
    ...{ type: () => PreviewedPipelineDto, required: false },
  })
  @Nested('InvalidParameter.RequestBody', () => PreviewedPipelineDto)
  @Optional()
  pipeline?: PreviewedPipelineDto;

  @ApiProperty({
    description: 'Records to try out. Either these or `peek`',
    ...{ type: () => [WrittenRecordDto], maxItems: MAX_RECORDS, required: false },
    example: [{ value: '{"order":9007199254740993,"amount":12.50}' }],
  })
  @Rule({
    code: 'InvalidParameter.Records',
    name: 'isRecordList',
    isKept: (value) => Array.isArray(value) && value.length <= MAX_RECORDS,
    fault: (value) => (Array.isArray(value) ? `has ${value.length} records` : 'must be a list'),
    limit: `a list of at most ${MAX_RECORDS} records`,
  })
  @Optional()
  records?: WrittenRecord[];

  @ApiProperty({
    description:
      'Take the newest records of the input topic, without a consumer group and without a commit: of the pipeline that `id` names, else of `pipeline.input_topic`',
    ...{ type: () => PeekDto, required: false },
  })
  @Nested('InvalidParameter.Peek', () => PeekDto)
  @Optional()
  peek?: PeekDto;
}
