import { ApiProperty } from '@nestjs/swagger';
import { MAX_PARTITION } from '../written-record.js';

/** A record as somebody writes it down. A text, so that every byte of it counts: JSON as such would lose digits on the way. */
export class WrittenRecordDto {
  @ApiProperty({
    description: 'Text of the record, as it is; null: a record without a value (a tombstone). This or `value_base64`',
    ...{ type: 'string', nullable: true, required: false, example: '{"order":9007199254740993,"amount":12.50}' },
  })
  value?: string | null;

  @ApiProperty({
    description: 'Bytes of the record, where they are no text; base64 with padding',
    ...{ required: false, example: '/wD+' },
  })
  value_base64?: string;

  @ApiProperty({
    description: 'Partition from which it is taken to come; part of a generated id',
    ...{ type: 'integer', minimum: 0, maximum: MAX_PARTITION, default: 0, required: false },
  })
  partition?: number;

  @ApiProperty({
    description: 'Offset from which it is taken to come. Left out: its place in the list; in a test 0',
    ...{ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, required: false, example: 0 },
  })
  offset?: number;

  @ApiProperty({
    description: 'Epoch ms that Kafka is taken to have noted. Left out: now; in a test 0',
    ...{ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, required: false, example: 1767225600000 },
  })
  timestamp?: number;
}
