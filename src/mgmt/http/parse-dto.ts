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
/** Far more than a request needs. The library's time grows with the square of it, and nobody else is served meanwhile. */
const MAX_VALUES = 1000;
/** Enough to mend a request by; a body has room for many thousands. */
const MAX_FAULTS = 100;
const MAX_SHOWN_CHARACTERS = 100;

/**
 * The value as an instance of `Dto` with every rule of its decorators kept. Else an ApiError with the faults (100 at most):
 * unknown fields are named, each fault has the code of its rule, and the first one's is the error's.
 */
export function parseDto<T extends object>(Dto: Type<T>, value: unknown, source: Source): T {
  const plain = source === 'query' ? { ...(value as object) } : value;
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    throw invalidRequest([{ code: UNKNOWN[source], field: '', fault: 'must be a JSON object' }]);
  }
  const excess = excessOf(plain);
  if (excess) {
    throw invalidRequest([{ code: UNKNOWN[source], field: '', ...excess }]);
  }
  const dto = plainToInstance(Dto, plain);
  const errors = hasRules(Dto) ? validateSync(dto, { whitelist: true, forbidNonWhitelisted: true }) : [];
  const [first, ...others] = [
    ...droppedFaults(plain, dto, '', UNKNOWN[source]),
    ...faultsOf(errors, '', UNKNOWN[source]),
  ].slice(0, MAX_FAULTS);
  if (first) {
    throw invalidRequest([first, ...others]);
  }
  return dto;
}

/** What there is too much of, before the library looks at it. Level by level, so that no depth can exhaust the stack. */
function excessOf(value: object): Pick<Fault, 'fault' | 'limit'> | undefined {
  let level: unknown[] = [value];
  let values = 0;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? (Object.values(item) as unknown[]) : [],
    );
    values += level.length;
    if (values > MAX_VALUES) {
      return { fault: 'has too many values', limit: `at most ${MAX_VALUES} in all` };
    }
  }
  return level.length > 0 ? { fault: 'is nested too deeply', limit: `at most ${MAX_DEPTH} levels` } : undefined;
}

/** The library drops names such as __proto__ without a word, at any depth, and checks nothing of a DTO without rules. */
function droppedFaults(plain: object, dto: object, prefix: string, unknownCode: ErrorCode): Fault[] {
  return Object.entries(plain).flatMap(([name, value]: [string, unknown]): Fault[] => {
    if (!hasRulesOf(dto) || !Object.hasOwn(dto, name)) {
      return [{ code: unknownCode, field: shown(prefix + name), fault: 'is not known' }];
    }
    const part: unknown = dto[name as keyof typeof dto];
    // Where no object belongs, a rule of the field says so.
    return isObject(value) && isObject(part) && hasRulesOf(part)
      ? droppedFaults(value, part, `${prefix}${name}.`, codeOfChildren({ target: dto, property: name }, unknownCode))
      : [];
  });
}

function hasRulesOf(dto: object): boolean {
  return hasRules(dto.constructor as Type<object>);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A name may be as long as a body. */
function shown(field: string): string {
  return field.slice(0, MAX_SHOWN_CHARACTERS).toWellFormed();
}

function hasRules(Dto: Type<object>): boolean {
  return getMetadataStorage().getTargetValidationMetadatas(Dto, '', false, false).length > 0;
}

function faultsOf(errors: readonly ValidationError[], prefix: string, unknownCode: ErrorCode): Fault[] {
  return errors.flatMap((error) => {
    const field = prefix + error.property;
    const own = Object.entries(error.constraints ?? {}).flatMap(([constraint, message]): Fault[] => {
      if (constraint === 'whitelistValidation') {
        return [{ code: unknownCode, field: shown(field), fault: 'is not known' }];
      }
      const context = error.contexts?.[constraint] as FaultContext | undefined;
      // Without one it is the library's own word for "not an object", which a rule says too.
      return context ? [{ ...context, field, fault: message }] : [];
    });
    return own.length > 0 ? own : faultsOf(error.children ?? [], `${field}.`, codeOfChildren(error, unknownCode));
  });
}

/** What is unknown inside an object is a fault of that object. */
function codeOfChildren(
  { target, property }: Pick<ValidationError, 'target' | 'property'>,
  unknownCode: ErrorCode,
): ErrorCode {
  return (Reflect.getMetadata(CHILDREN_CODE, target ?? {}, property) as ErrorCode | undefined) ?? unknownCode;
}
