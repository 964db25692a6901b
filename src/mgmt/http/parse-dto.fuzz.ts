import fc from 'fast-check';
import { ApiError } from '../errors/api-error.js';
import { CreatePipelineDto } from '../pipelines/dto/create-pipeline.dto.js';
import { ListPipelinesDto } from '../pipelines/dto/list-pipelines.dto.js';
import { parseDto } from './parse-dto.js';

const fields = [
  'id',
  'name',
  'tags',
  'comment',
  'builtin',
  'output_type',
  'index_base',
  'use_index_base_in_data',
  'deployment_config',
  'handlers',
  'input_topic',
  'document_version',
  'settings',
];
const body = fc.dictionary(fc.constantFrom(...fields, '__proto__', 'constructor', 'x'), fc.jsonValue());
const query = fc.dictionary(
  fc.constantFrom('name_pattern', 'sort', 'direction', 'offset', 'limit', 'tag', 'builtin', 'status', '__proto__'),
  fc.oneof(fc.string(), fc.integer().map(String), fc.array(fc.string())),
);

/** Undefined when it was accepted. */
function refusal(parse: () => unknown): unknown {
  try {
    parse();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('any request', () => {
  it('is either accepted or refused with its faults, whatever its body', () => {
    fc.assert(
      fc.property(fc.oneof(body, fc.jsonValue()), (value) => {
        const error = refusal(() => parseDto(CreatePipelineDto, value, 'body'));
        expect(error === undefined || (error instanceof ApiError && 'faults' in (error.details as object))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is either accepted or refused with its faults, whatever its query', () => {
    fc.assert(
      fc.property(query, (value) => {
        const error = refusal(() => parseDto(ListPipelinesDto, value, 'query'));
        expect(error === undefined || (error instanceof ApiError && 'faults' in (error.details as object))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused when it is nested to exhaust the stack', () => {
    const deep = JSON.parse(`{"name":${'['.repeat(300_000)}${']'.repeat(300_000)}}`) as object;
    expect(refusal(() => parseDto(CreatePipelineDto, deep, 'body'))).toMatchObject({
      code: 'InvalidParameter.RequestBody',
    });
  });

  it('accepted keeps what callers were promised', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.record({ name: text, index_base: fc.constant('web'), tags: fc.array(text) }), (value) => {
        let dto: CreatePipelineDto;
        try {
          dto = parseDto(CreatePipelineDto, value, 'body');
        } catch {
          return;
        }
        expect(Array.from(dto.name).length).toBeLessThanOrEqual(40);
        expect(dto.name).toBe(value.name);
        expect(new Set(dto.tags).size).toBe(dto.tags?.length);
        expect(dto.tags?.every((tag) => tag === tag.trim() && tag !== '' && !/[",]/.test(tag))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
