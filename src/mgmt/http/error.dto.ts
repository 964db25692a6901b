import { ApiProperty } from '@nestjs/swagger';

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

  @ApiProperty({
    description: 'The request id; of an invalid request each field, its fault and the limit; else the reason',
    type: 'object',
    additionalProperties: true,
    example: {
      request_id: '2f1c6a52-5f0b-4b3a-9d0e-0d7f4f6f8a11',
      faults: [
        {
          field: 'name',
          fault: 'has 41 characters',
          limit: 'at most 40 characters',
          error_code: 'StreamDataPipeline.LengthExceeded.PipelineName',
        },
      ],
    },
  })
  error_details: object;
}
