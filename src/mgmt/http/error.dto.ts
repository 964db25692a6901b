import { ApiProperty } from '@nestjs/swagger';

/** One fault of a request. */
export class FaultDto {
  @ApiProperty({ description: 'As the caller wrote it; empty: the request as a whole', example: 'name' })
  field: string;

  @ApiProperty({ description: 'What is wrong with it', example: 'has 41 characters' })
  fault: string;

  @ApiProperty({ description: 'What it must keep to', example: 'at most 40 characters', required: false })
  limit?: string;

  @ApiProperty({
    description: 'Of a test of the pipeline that failed: its name',
    ...{ example: 'amounts keep their cents', required: false },
  })
  test?: string;

  @ApiProperty({
    description: 'Of a test that failed: what it expects there, as JSON; absent: nothing',
    ...{ example: '12.50', required: false },
  })
  expected?: string;

  @ApiProperty({
    description: 'Of a test that failed: what came, as JSON; absent: nothing',
    ...{ example: '12.5', required: false },
  })
  actual?: string;

  @ApiProperty({
    description: 'Code of this fault',
    example: 'StreamDataPipeline.LengthExceeded.PipelineName',
  })
  error_code: string;
}

/** What an error is about. */
export class ErrorDetailsDto {
  @ApiProperty({ description: 'Id of the request', example: '2f1c6a52-5f0b-4b3a-9d0e-0d7f4f6f8a11' })
  request_id: string;

  @ApiProperty({
    description: 'Of a request that is not valid: each fault',
    ...{ type: () => [FaultDto], required: false },
  })
  faults?: FaultDto[];

  @ApiProperty({
    description: 'Why, in words; never a statement or a secret',
    ...{ example: 'the account may not operate to web-access-log', required: false },
  })
  reason?: string;

  @ApiProperty({
    description: 'Pipelines that are in the way, of those that the caller may view',
    ...{ type: [String], required: false, example: ['web-access-log'] },
  })
  pipelines?: string[];

  @ApiProperty({
    description: 'How many more are in the way that the caller may not view',
    ...{ type: 'integer', minimum: 0, required: false, example: 0 },
  })
  hidden_pipelines?: number;
}

/** Body of every answer from 400 on. */
export class ErrorDto {
  @ApiProperty({
    description: 'Stable code, `StreamDataPipeline.<Class>.<Name>`',
    example: 'StreamDataPipeline.LengthExceeded.PipelineName',
  })
  error_code: string;

  @ApiProperty({ description: 'What is wrong, in the language asked for', example: 'The pipeline name is too long' })
  description: string;

  @ApiProperty({ description: 'What to do about it', example: 'Use at most 40 characters.' })
  solution: string;

  @ApiProperty({
    description: 'Where the error is explained, on this server',
    example: '/docs/errors#StreamDataPipeline.LengthExceeded.PipelineName',
  })
  error_link: string;

  @ApiProperty({ description: 'What it is about', type: () => ErrorDetailsDto })
  error_details: ErrorDetailsDto;
}
