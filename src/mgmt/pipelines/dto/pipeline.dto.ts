import { ApiProperty } from '@nestjs/swagger';
import { type Operation, OPERATIONS } from '../../../platform/http/operation.js';
import { AccountDto } from './account.dto.js';
import { DeploymentConfigDto } from './deployment-config.dto.js';
import { PipelineSettingsDto } from './pipeline-settings.dto.js';

const STATUSES = ['running', 'close', 'error', 'deleting'] as const;

/** A pipeline as callers see it. */
export class PipelineDto {
  @ApiProperty({ example: 'web-access-log' })
  id: string;

  @ApiProperty({ example: 'Web access log' })
  name: string;

  @ApiProperty({ type: [String], example: ['web'] })
  tags: string[];

  @ApiProperty({ example: '' })
  comment: string;

  @ApiProperty({ example: false })
  builtin: boolean;

  @ApiProperty({ enum: ['index_base'] })
  output_type: string;

  @ApiProperty({ description: 'Empty when each record names its own', example: 'web' })
  index_base: string;

  @ApiProperty({ example: false })
  use_index_base_in_data: boolean;

  @ApiProperty({ type: () => DeploymentConfigDto })
  deployment_config: DeploymentConfigDto;

  @ApiProperty({ type: 'array', items: { type: 'object' } })
  handlers: object[];

  @ApiProperty({ example: 'default.sdp.web-access-log.input' })
  input_topic: string;

  @ApiProperty({ description: 'Empty when each record names its index base', example: 'default.mdl.process.web' })
  output_topic: string;

  @ApiProperty({ description: 'Rejected records, each with its reason', example: 'default.sdp.web-access-log.error' })
  error_topic: string;

  @ApiProperty({ enum: ['none', 'offset'] })
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

  @ApiProperty({ description: 'Epoch ms', example: 1767225600000 })
  create_time: number;

  @ApiProperty({
    description: "Epoch ms of the last change by a caller; reports don't move it",
    example: 1767225600000,
  })
  update_time: number;

  @ApiProperty({ type: () => AccountDto })
  creator: AccountDto;

  @ApiProperty({ type: () => AccountDto })
  updater: AccountDto;

  @ApiProperty({ description: 'What the caller may do to it', enum: OPERATIONS, isArray: true })
  operations: Operation[];
}

export class PipelineListDto {
  @ApiProperty({ type: () => [PipelineDto] })
  entries: PipelineDto[];

  @ApiProperty({ description: 'On all pages', example: 1 })
  total_count: number;
}

export class CreatedPipelineDto {
  @ApiProperty({ example: 'web-access-log' })
  id: string;
}
