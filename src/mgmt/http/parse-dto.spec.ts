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
    expect(faultsOf({ comment: { x: 1 } })).toMatchObject({ faults: [{ field: 'comment' }] });
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

  it.each(['__proto__', 'constructor'])('knows no field %s inside an object', (field) => {
    const settings = JSON.parse(`{"${field}":{"x":1}}`) as object;
    expect(faultsOf({ settings })).toEqual({
      faults: [{ code: 'InvalidParameter.Settings', field: `settings.${field}`, fault: 'is not known' }],
    });
  });

  it('is told of a hundred faults at most, in short', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`field-${at}`.padEnd(200, 'x'), at]));
    const { faults } = faultsOf(many) as { faults: { field: string }[] };
    expect(faults).toHaveLength(100);
    expect(faults.every(({ field }) => field.length === 100)).toBe(true);
  });

  it.each([
    ['fields', Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`field-${at}`, at]))],
    ['tags', { tags: Array.from({ length: 300_000 }, (_, at) => at.toString(36)) }],
  ])('is refused for too many %s before they cost anything', (_what, body) => {
    expect(faultsOf(body)).toEqual({
      faults: [
        {
          code: 'InvalidParameter.RequestBody',
          ...{ field: '', fault: 'has too many values', limit: 'at most 1000 in all' },
        },
      ],
    });
  });

  it('may have many tags, and is told how many', () => {
    const tags = Array.from({ length: 900 }, (_, at) => `tag ${at}`);
    expect(faultsOf({ tags })).toMatchObject({ faults: [{ code: 'CountExceeded.Tags', fault: 'has 900 tags' }] });
  });

  it('of a route without parameters has none', () => {
    expect(parseDto(NoQuery, {}, 'query')).toEqual({});
    expect(() => parseDto(NoQuery, { none: '1' }, 'query')).toThrow('unknown query parameter');
  });
});
