import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { type Fault, invalidRequest } from '../errors/api-error.js';
import type { ErrorCode } from '../errors/error-registry.js';
import { CHILDREN_CODE, type FaultContext } from './field-rules.js';

type Source = 'body' | 'query';

const UNKNOWN: Readonly<Record<Source, ErrorCode>> = {
  body: 'InvalidParameter.RequestBody',
  query: 'InvalidParameter.QueryParameter',
};

/** What reads the value further goes down by calling itself. */
const MAX_DEPTH = 100;

/**
 * The value as an instance of `Dto` with every rule of its decorators kept. Else an ApiError with all faults at once:
 * unknown fields are named, each fault has the code of its rule, and the first one's is the error's.
 */
export function parseDto<T extends object>(Dto: Type<T>, value: unknown, source: Source): T {
  const plain = source === 'query' ? { ...(value as object) } : value;
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    throw invalidRequest([{ code: UNKNOWN[source], field: '', fault: 'must be a JSON object' }]);
  }
  if (isDeeperThan(plain, MAX_DEPTH)) {
    throw invalidRequest([
      { code: UNKNOWN[source], field: '', fault: 'is nested too deeply', limit: `${MAX_DEPTH} levels` },
    ]);
  }
  const dto = plainToInstance(Dto, plain);
  const errors = hasRules(Dto) ? validateSync(dto, { whitelist: true, forbidNonWhitelisted: true }) : [];
  // The library drops names such as __proto__ without a word, and checks nothing of a DTO without rules.
  const dropped = Object.keys(plain).filter((field) => !hasRules(Dto) || !Object.hasOwn(dto, field));
  const [first, ...others] = [
    ...dropped.map((field): Fault => ({ code: UNKNOWN[source], field, fault: 'is not known' })),
    ...faultsOf(errors, '', UNKNOWN[source]),
  ];
  if (first) {
    throw invalidRequest([first, ...others]);
  }
  return dto;
}

/** Level by level, so that no depth can exhaust the stack. */
function isDeeperThan(value: object, depth: number): boolean {
  let level: unknown[] = [value];
  for (let at = 0; at < depth && level.length > 0; at += 1) {
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? (Object.values(item) as unknown[]) : [],
    );
  }
  return level.length > 0;
}

function hasRules(Dto: Type<object>): boolean {
  return getMetadataStorage().getTargetValidationMetadatas(Dto, '', false, false).length > 0;
}

function faultsOf(errors: readonly ValidationError[], prefix: string, unknownCode: ErrorCode): Fault[] {
  return errors.flatMap((error) => {
    const field = prefix + error.property;
    const own = Object.entries(error.constraints ?? {}).flatMap(([constraint, message]): Fault[] => {
      if (constraint === 'whitelistValidation') {
        return [{ code: unknownCode, field, fault: 'is not known' }];
      }
      const context = error.contexts?.[constraint] as FaultContext | undefined;
      // Without one it is the library's own word for "not an object", which a rule says too.
      return context ? [{ ...context, field, fault: message }] : [];
    });
    return own.length > 0 ? own : faultsOf(error.children ?? [], `${field}.`, codeOfChildren(error, unknownCode));
  });
}

/** What is unknown inside an object is a fault of that object. */
function codeOfChildren({ target, property }: ValidationError, unknownCode: ErrorCode): ErrorCode {
  return (Reflect.getMetadata(CHILDREN_CODE, target ?? {}, property) as ErrorCode | undefined) ?? unknownCode;
}
