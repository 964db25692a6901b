import { INDEX_BASE_PATTERN } from '../../../domain/index-base.js';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import type { HandlerConfig } from '../../../domain/pipeline.js';
import type { PipelineTest } from '../../../domain/pipeline-test.js';
import { MAX_HANDLERS } from '../../../handlers/configured-handler.js';
import { anyHandlerSchema } from '../../../handlers/handler-schemas.js';
import { Changed, IsFlag, IsOneOf, IsText, MaxCharacters, Nested, Optional, Required } from '../../http/field-rules.js';
import { DeploymentConfigDto } from './deployment-config.dto.js';
import { PipelineSettingsDto } from './pipeline-settings.dto.js';
import { PipelineTestDto, testExample } from './pipeline-test.dto.js';
import {
  AreTags,
  IsHandlerList,
  IsIndexBase,
  IsTestList,
  MAX_COMMENT_CHARACTERS,
  MAX_NAME_CHARACTERS,
  MAX_TAG_CHARACTERS,
  MAX_TAGS,
  MAX_TESTS,
  TAG_PATTERN,
  TagCharacters,
  TagCount,
  TagLength,
  tidyTags,
} from './pipeline-rules.js';

const OUTPUT_TYPES = ['index_base'] as const;
const DOCUMENT_VERSIONS = ['none', 'offset'] as const;

/** What callers may write of a pipeline, and change later. Absent, null and (where it cannot be a value) '' all mean the default. */
export class PipelineFieldsDto {
  @ApiProperty({
    description: 'Unique; not blank',
    ...{ minLength: 1, maxLength: MAX_NAME_CHARACTERS, example: 'Web access log' },
  })
  @MaxCharacters('LengthExceeded.PipelineName', MAX_NAME_CHARACTERS)
  @IsText('InvalidParameter.PipelineName')
  @Required('NullParameter.PipelineName')
  name: string;

  @ApiProperty({
    description:
      'Trimmed, without empty ones and repetitions; each at most 40 characters, none of / : ? \\ " < > | ： ？ ‘ ’ “ ” ！ 《 》 , # [ ] { } % & * $ ^ ! = . \'',
    ...{ type: 'array', items: { type: 'string', maxLength: MAX_TAG_CHARACTERS, pattern: TAG_PATTERN } },
    ...{ maxItems: MAX_TAGS, example: ['web', 'production'], default: [], required: false },
  })
  @TagCharacters()
  @TagLength()
  @TagCount()
  @AreTags()
  @Changed(tidyTags)
  @Optional()
  tags?: string[];

  @ApiProperty({
    description: 'Free text',
    ...{ maxLength: MAX_COMMENT_CHARACTERS, example: 'Access log of the shop', default: '', required: false },
  })
  @MaxCharacters('LengthExceeded.Comment', MAX_COMMENT_CHARACTERS)
  @IsText('InvalidParameter.Comment')
  @Optional()
  comment?: string;

  @ApiProperty({ description: 'Where documents go', enum: OUTPUT_TYPES, default: 'index_base', required: false })
  @IsOneOf('InvalidParameter.OutputType', OUTPUT_TYPES)
  @Optional()
  output_type?: (typeof OUTPUT_TYPES)[number];

  @ApiProperty({
    description:
      'Index base (type) of the documents; required unless `use_index_base_in_data`. It must exist, or is made when the service may',
    ...{ pattern: INDEX_BASE_PATTERN.source, maxLength: 100, example: 'web', required: false },
  })
  @IsIndexBase()
  @Required('NullParameter.IndexBase')
  // What is no flag is a fault of that field alone.
  @ValidateIf((dto: PipelineFieldsDto) => !(dto.use_index_base_in_data ?? false) || Boolean(dto.index_base))
  index_base?: string;

  @ApiProperty({
    description: 'Take the index base from `__index_base` of each record, and `index_base` for records without one',
    ...{ default: false, required: false },
  })
  @IsFlag('InvalidParameter.UseIndexBaseInData')
  @Optional()
  use_index_base_in_data?: boolean;

  @ApiProperty({ description: 'What its tasks may use', type: () => DeploymentConfigDto, required: false })
  @Nested('InvalidParameter.DeploymentConfig', () => DeploymentConfigDto)
  @Optional()
  deployment_config?: DeploymentConfigDto;

  @ApiProperty({
    description: 'Handlers that records pass, in order, before they are annotated',
    ...{ type: 'array', items: anyHandlerSchema(), maxItems: MAX_HANDLERS, default: [], required: false },
    example: [{ type: 'rename', from: 'msg', to: 'message' }],
  })
  @IsHandlerList()
  @Optional()
  handlers?: HandlerConfig[];

  @ApiProperty({
    description:
      'Records and what shall become of them: a create or a change that does not keep to them is refused, unless with `skip_tests`. Left out in a change: as they are',
    ...{ type: () => [PipelineTestDto], maxItems: MAX_TESTS, required: false },
    example: [testExample],
  })
  @IsTestList()
  @Optional()
  tests?: PipelineTest[];

  @ApiProperty({
    description:
      '`offset`: the record with the highest offset wins in OpenSearch, for records with their own `__id` that stay in one partition',
    ...{ enum: DOCUMENT_VERSIONS, default: 'none', required: false },
  })
  @IsOneOf('InvalidParameter.DocumentVersion', DOCUMENT_VERSIONS)
  @Optional()
  document_version?: (typeof DOCUMENT_VERSIONS)[number];

  @ApiProperty({
    description: 'Overrides of the configuration; what is left out follows the configuration',
    ...{ type: () => PipelineSettingsDto, required: false },
  })
  @Nested('InvalidParameter.Settings', () => PipelineSettingsDto)
  @Optional()
  settings?: PipelineSettingsDto;
}
