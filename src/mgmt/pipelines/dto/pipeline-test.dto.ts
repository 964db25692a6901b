import { ApiProperty } from '@nestjs/swagger';
import { REJECTION_CODES } from '../../../domain/rejection.js';
import {
  MAX_DOCUMENT_CHARACTERS,
  MAX_EXPECTED_CHARACTERS,
  MAX_TEST_NAME_CHARACTERS,
  MAX_VALUE_CHARACTERS,
} from '../test-limits.js';
import { WrittenRecordDto } from './written-record.dto.js';

/** For the API document. */
export const testExample = {
  name: 'the message has its name, and amounts keep their cents',
  record: { value: '{"msg":"paid","amount":12.50}' },
  expect: { document: '{"message":"paid","amount":12.50}', index: 'mdl-orders' },
};

const text = { maxLength: MAX_EXPECTED_CHARACTERS, required: false };

export class RejectionExpectationDto {
  @ApiProperty({
    description: 'Code of the rejection',
    ...{ enum: Object.keys(REJECTION_CODES), required: false, example: 'HANDLER_REJECTED' },
  })
  code?: string;

  @ApiProperty({ description: 'A part of the reason', ...text, example: 'no tenant' })
  reason?: string;
}

/** What shall become of the record: a document, or one of the others. What is left out is not looked at. */
export class TestExpectationDto {
  @ApiProperty({
    description:
      'Text of the document. Members in any order, numbers as they are spelled. What annotation adds (`__pipeline_id`, `__index_base`, `__data_type`, `__category`, `__write_time`, `@timestamp`, `__id`, `__tsid`, `__routing`) counts only when it is given',
    ...{ maxLength: MAX_DOCUMENT_CHARACTERS, required: false, example: '{"message":"paid","amount":12.50}' },
  })
  document?: string;

  @ApiProperty({ description: 'Alias that the document goes to', ...text, example: 'mdl-orders' })
  index?: string;

  @ApiProperty({ description: 'Id of the document', ...text, example: 'payments[0]@0-0' })
  id?: string;

  @ApiProperty({ description: 'Routing of the document; empty: none', ...text, example: '' })
  routing?: string;

  @ApiProperty({
    description: 'It goes to the error topic',
    ...{ type: () => RejectionExpectationDto, required: false, example: { code: 'HANDLER_FAILED' } },
  })
  rejected?: RejectionExpectationDto;

  @ApiProperty({ description: 'A handler leaves it out', enum: [true], required: false, example: true, type: Boolean })
  dropped?: boolean;

  @ApiProperty({
    description: 'It is a tombstone that is passed over',
    ...{ enum: [true], required: false, example: true, type: Boolean },
  })
  skipped?: boolean;
}

/** A record, and what the pipeline shall do to it. */
export class PipelineTestDto {
  @ApiProperty({
    description: 'What it shows; told when it fails',
    ...{ minLength: 1, maxLength: MAX_TEST_NAME_CHARACTERS, example: testExample.name },
  })
  name: string;

  @ApiProperty({
    description: `The record; its value has at most ${MAX_VALUE_CHARACTERS} characters`,
    ...{ type: () => WrittenRecordDto, example: testExample.record },
  })
  record: WrittenRecordDto;

  @ApiProperty({
    description: 'What shall become of it',
    ...{ type: () => TestExpectationDto, example: testExample.expect },
  })
  expect: TestExpectationDto;
}
