import { ApiProperty } from '@nestjs/swagger';
import { anyHandlerSchema } from '../../../handlers/handler-schemas.js';
import { type Operation, OPERATIONS } from '../../../platform/http/operation.js';
import { AccountDto } from './account.dto.js';
import { DeploymentConfigDto } from './deployment-config.dto.js';
import { PipelineSettingsDto } from './pipeline-settings.dto.js';
import { PipelineTestDto } from './pipeline-test.dto.js';

const STATUSES = ['running', 'close', 'error', 'deleting'] as const;

/** A pipeline as callers see it. */
export class PipelineDto {
  @ApiProperty({ description: 'Its id, which never changes', example: 'web-access-log' })
  id: string;

  @ApiProperty({ description: 'Its name, which no other pipeline has', example: 'Web access log' })
  name: string;

  @ApiProperty({ description: 'Without blanks around them, each once', type: [String], example: ['web'] })
  tags: string[];

  @ApiProperty({ description: 'Empty when there is none', example: '' })
  comment: string;

  @ApiProperty({ description: 'Cannot be deleted through the public API', example: false })
  builtin: boolean;

  @ApiProperty({ description: 'Where documents go', enum: ['index_base'] })
  output_type: string;

  @ApiProperty({ description: 'Empty when each record names its own', example: 'web' })
  index_base: string;

  @ApiProperty({ description: 'Whether each record may name its index base', example: false })
  use_index_base_in_data: boolean;

  @ApiProperty({ description: 'What its tasks may use', type: () => DeploymentConfigDto })
  deployment_config: DeploymentConfigDto;

  @ApiProperty({
    description: 'Handlers that records pass, in order',
    ...{ type: 'array', items: anyHandlerSchema(), example: [] },
  })
  handlers: object[];

  @ApiProperty({
    description: 'What its handlers are held against before they are stored',
    ...{ type: () => [PipelineTestDto], example: [] },
  })
  tests: PipelineTestDto[];

  @ApiProperty({ description: 'What it reads', example: 'default.sdp.web-access-log.input' })
  input_topic: string;

  @ApiProperty({ description: 'Empty when each record names its index base', example: 'default.mdl.process.web' })
  output_topic: string;

  @ApiProperty({ description: 'Rejected records, each with its reason', example: 'default.sdp.web-access-log.error' })
  error_topic: string;

  @ApiProperty({ description: '`offset`: the record with the highest offset wins', enum: ['none', 'offset'] })
  document_version: string;

  @ApiProperty({ description: 'Only what overrides the configuration', type: () => PipelineSettingsDto })
  settings: PipelineSettingsDto;

  @ApiProperty({
    description: 'deleting; close (wanted so); error (a task is in error, or unknown); else running',
    enum: STATUSES,
  })
  status: (typeof STATUSES)[number];

  @ApiProperty({ description: 'The cause in words', example: '' })
  status_details: string;

  @ApiProperty({ description: 'Epoch ms of its create', type: 'integer', example: 1767225600000 })
  create_time: number;

  @ApiProperty({
    description: "Epoch ms of the last change by a caller; reports don't move it",
    ...{ type: 'integer', example: 1767225600000 },
  })
  update_time: number;

  @ApiProperty({ description: 'Who made it', type: () => AccountDto })
  creator: AccountDto;

  @ApiProperty({ description: 'Who changed it last', type: () => AccountDto })
  updater: AccountDto;

  @ApiProperty({ description: 'What the caller may do to it', enum: OPERATIONS, isArray: true })
  operations: Operation[];
}

export class PipelineListDto {
  @ApiProperty({ description: 'The pipelines of this page', type: () => [PipelineDto] })
  entries: PipelineDto[];

  @ApiProperty({ description: 'On all pages', type: 'integer', example: 1 })
  total_count: number;
}

export class CreatedPipelineDto {
  @ApiProperty({ description: 'As given, or made', example: 'web-access-log' })
  id: string;
}
