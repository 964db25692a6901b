import { ApiProperty } from '@nestjs/swagger';
import { IsOneOf, Optional } from '../../http/field-rules.js';

/** Query of GET /pipelines/:id. */
export class GetPipelineDto {
  @ApiProperty({
    description:
      'Answer when the pipeline changes after the request has come (with If-None-Match: differs from that ETag), at the latest after 30 s',
    enum: ['true', 'false'],
    required: false,
  })
  @IsOneOf('InvalidParameter.IsListen', ['true', 'false'])
  @Optional()
  is_listen?: 'true' | 'false';
}
