import { ApiProperty } from '@nestjs/swagger';

export const RESULTS = ['document', 'rejected', 'dropped', 'skipped', 'unfinished'] as const;

export class RecordSourceDto {
  @ApiProperty({
    description: 'Topic from which it was taken; absent for a record that was given',
    ...{ required: false, example: 'default.sdp.web-access-log.input' },
  })
  topic?: string;

  @ApiProperty({ description: 'Its partition', type: 'integer', example: 0 })
  partition: number;

  @ApiProperty({ description: 'Its offset', type: 'integer', example: 0 })
  offset: number;

  @ApiProperty({ description: 'Epoch ms that Kafka noted; -1: none', type: 'integer', example: 1767225600000 })
  timestamp: number;
}

export class CulpritDto {
  @ApiProperty({ description: 'Place in the list of handlers, from 0', type: 'integer', example: 1 })
  index: number;

  @ApiProperty({ description: 'Its type', example: 'convert' })
  type: string;
}

export class PreviewErrorDto {
  @ApiProperty({
    description:
      'Of a rejection as in the header `__error_code`; TIME_LIMIT, MEMORY_LIMIT or SIZE_LIMIT of what is unfinished',
    example: 'HANDLER_FAILED',
  })
  code: string;

  @ApiProperty({
    description: 'Why, in words',
    example: 'handlers[1] (convert): amount is "a lot"; it should be a number',
  })
  reason: string;

  @ApiProperty({
    description: 'Step that refused it; absent when it is unfinished',
    ...{ required: false, example: 'handler:convert' },
  })
  stage?: string;

  @ApiProperty({ description: 'Handler that refused it', type: () => CulpritDto, required: false })
  handler?: CulpritDto;
}

export class PreviewEntryDto {
  @ApiProperty({ description: 'Where the record stands', type: () => RecordSourceDto })
  source: RecordSourceDto;

  @ApiProperty({
    description:
      'document: it is written and forwarded; rejected: it goes to the error topic; dropped: a handler leaves it out; skipped: a tombstone that the settings pass over; unfinished: the preview was cut off before',
    enum: RESULTS,
  })
  result: (typeof RESULTS)[number];

  @ApiProperty({
    description:
      'Exact text of the document that OpenSearch would get, annotations included. A text, because readers of JSON round its numbers',
    ...{ required: false, example: '{"order":9007199254740993,"amount":12.50,"__pipeline_id":"web-access-log"}' },
  })
  document?: string;

  @ApiProperty({ description: 'Alias that it goes to', required: false, example: 'mdl-web' })
  index?: string;

  @ApiProperty({ description: 'Its id', required: false, example: 'web-access-log[0]@0-1767225600000' })
  id?: string;

  @ApiProperty({ description: 'Its routing; absent: none', required: false, example: '4bf92f3577b34da6' })
  routing?: string;

  @ApiProperty({
    description: 'Its version, with `document_version` offset and an `__id` of its own',
    ...{ type: 'integer', required: false, example: 0 },
  })
  version?: number;

  @ApiProperty({
    description: 'Topic that it is forwarded to',
    ...{ required: false, example: 'default.mdl.process.web' },
  })
  output_topic?: string;

  @ApiProperty({ description: 'Why a handler left it out', required: false, example: 'by a handler' })
  reason?: string;

  @ApiProperty({
    description: 'Why there is no document, of what is rejected or unfinished',
    ...{ type: () => PreviewErrorDto, required: false },
  })
  error?: PreviewErrorDto;
}

/** Answer of POST /pipelines/preview. */
export class PreviewResultDto {
  @ApiProperty({
    description: 'One for each record: in the order in which they were given, peeked ones oldest first',
    type: () => [PreviewEntryDto],
  })
  entries: PreviewEntryDto[];

  @ApiProperty({
    description:
      'False: something is unfinished, or a limit was reached before it was sure that the peeked records are the newest',
    example: true,
  })
  is_complete: boolean;
}
