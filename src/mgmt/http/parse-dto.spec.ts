import type { ApiError } from '../errors/api-error.js';
import { CreatePipelineDto } from '../pipelines/dto/create-pipeline.dto.js';
import { NoQuery } from './no-query.dto.js';
import { parseDto } from './parse-dto.js';

const valid = { name: 'n', index_base: 'web' };
const parsed = (changes: object) => parseDto(CreatePipelineDto, { ...valid, ...changes }, 'body');

function faultsOf(changes: object): unknown {
  try {
    parsed(changes);
    return [];
  } catch (error) {
    return (error as ApiError).details;
  }
}

describe('a parsed request', () => {
  it('counts characters, not bytes or halves of them', () => {
    expect(parsed({ name: '😀'.repeat(40) }).name).toBe('😀'.repeat(40));
    expect(parsed({ comment: '文'.repeat(255) }).comment).toHaveLength(255);
    expect(parsed({ tags: ['签'.repeat(40)] }).tags).toHaveLength(1);
    expect(faultsOf({ name: '😀'.repeat(41) })).toMatchObject({ faults: [{ code: 'LengthExceeded.PipelineName' }] });
  });

  it('has tidy tags, counted afterwards', () => {
    const { tags } = parsed({ tags: [' a', 'a ', '', '  ', 'b', 'c', 'd', 'e'] });
    expect(tags).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('takes null, and an empty id or input topic, as left out', () => {
    const dto = parsed({ id: '', input_topic: '', tags: null, comment: null, settings: null, handlers: null });
    expect(dto).toMatchObject({ id: undefined, input_topic: undefined });
  });

  it('needs no index base when it comes from the data', () => {
    expect(parsed({ index_base: undefined, use_index_base_in_data: true }).index_base).toBeUndefined();
    expect(parsed({ index_base: '', use_index_base_in_data: true }).index_base).toBe('');
  });

  it('has one fault for one mistake', () => {
    expect(faultsOf({ index_base: undefined, use_index_base_in_data: 1 })).toMatchObject({
      faults: [{ field: 'use_index_base_in_data' }],
    });
    expect(faultsOf({ deployment_config: { cpu_limit: 'x' } })).toEqual({
      faults: [
        {
          code: 'InvalidParameter.DeploymentConfig',
          field: 'deployment_config.cpu_limit',
          fault: 'must be a whole number',
        },
      ],
    });
    expect(faultsOf({ deployment_config: [{}] })).toMatchObject({ faults: [{ field: 'deployment_config' }] });
  });

  it.each(['__proto__', 'constructor', 'toString'])('knows no field %s', (field) => {
    const body = JSON.parse(`{"name":"n","index_base":"web","${field}":{"x":1}}`) as object;
    let code = '';
    try {
      parseDto(CreatePipelineDto, body, 'body');
    } catch (error) {
      code = (error as ApiError).code;
    }
    expect(code).toBe('InvalidParameter.RequestBody');
  });

  it('of a route without parameters has none', () => {
    expect(parseDto(NoQuery, {}, 'query')).toEqual({});
    expect(() => parseDto(NoQuery, { none: '1' }, 'query')).toThrow('unknown query parameter');
  });
});
