import { BadRequestException, NotFoundException } from '@nestjs/common';
import { CodedError } from '../../domain/coded-error.js';
import { invalidRequest } from '../errors/api-error.js';
import { toApiError, wireError } from './wire-error.js';

const context = { requestId: 'r1', language: 'en-US' } as const;

describe('an error on the wire', () => {
  it.each([
    ['DATABASE_UNAVAILABLE', 'ServiceUnavailable.Database'],
    ['DATABASE_ERROR', 'InternalError.Database'],
    ['KAFKA_UNAVAILABLE', 'ServiceUnavailable.Kafka'],
    ['KAFKA_ERROR', 'InternalError.Kafka'],
    ['INDEX_BASE_UNAVAILABLE', 'ServiceUnavailable.IndexBase'],
    ['INDEX_BASE_ERROR', 'InternalError.IndexBase'],
    ['INDEX_BASE_INVALID', 'InvalidParameter.IndexBase'],
  ])('of the fault %s is %s, with its reason', (code, wire) => {
    const error = toApiError(new CodedError(code, 'why'));
    expect(wireError(error, context)).toMatchObject({
      error_code: `StreamDataPipeline.${wire}`,
      error_details: { request_id: 'r1', reason: 'why' },
    });
  });

  it.each([
    ['a wrong path', new NotFoundException('Cannot GET /x'), 'NotFound.Route'],
    ['a bad escape', new BadRequestException('x', { cause: new URIError('x') }), 'InvalidParameter.Path'],
  ])('of %s is told apart', (_what, exception, code) => {
    expect(toApiError(exception).code).toBe(code);
  });

  it('that nobody foresaw gives nothing away', () => {
    for (const exception of [new Error("SELECT 'secret'"), new CodedError('NEW_CODE', 'secret'), 'secret', undefined]) {
      const error = toApiError(exception);
      expect(error.code).toBe('InternalError.Unexpected');
      expect(JSON.stringify(wireError(error, context))).not.toContain('secret');
    }
  });

  it('has the code of its first fault and lists them all', () => {
    const error = invalidRequest([
      { code: 'InvalidParameter.Tag', field: 'tags', fault: 'must be a list' },
      { code: 'OutOfRange.CpuLimit', field: 'deployment_config.cpu_limit', fault: 'is 0', limit: '1 to 8' },
    ]);
    expect(wireError(error, { ...context, language: 'zh-CN' })).toEqual({
      error_code: 'StreamDataPipeline.InvalidParameter.Tag',
      description: '标签无效',
      solution: expect.any(String),
      error_link: '/docs/errors#StreamDataPipeline.InvalidParameter.Tag',
      error_details: {
        request_id: 'r1',
        faults: [
          { field: 'tags', fault: 'must be a list', error_code: 'StreamDataPipeline.InvalidParameter.Tag' },
          {
            field: 'deployment_config.cpu_limit',
            fault: 'is 0',
            limit: '1 to 8',
            error_code: 'StreamDataPipeline.OutOfRange.CpuLimit',
          },
        ],
      },
    });
  });
});
