import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';
import { IsOptional, ValidateBy, ValidateNested } from 'class-validator';
import type { Type as Class } from '@nestjs/common';
import type { ErrorCode } from '../errors/error-registry.js';

/** What a broken rule means on the wire. */
export interface FaultContext {
  code: ErrorCode;
  limit?: string;
}

export interface FieldRule {
  code: ErrorCode;
  /** Unique among the rules of a field. */
  name: string;
  /** True when the value keeps the rule. Called with any JSON value, but not with undefined or null. */
  isKept: (value: unknown) => boolean;
  /** Completes "<field> ..."; never the whole value. */
  fault: string | ((value: unknown) => string);
  limit?: string;
}

/** Metadata key of the code for unknown fields inside an object. */
export const CHILDREN_CODE = 'sdp:children-code';

/** The field may be left out; null counts as left out. */
export const Optional = (): PropertyDecorator => IsOptional();

/** The field must be there and say something: null, '' and blanks count as missing. Other rules are then silent. */
export function Required(code: ErrorCode): PropertyDecorator {
  const isGiven = (value: unknown) => value !== undefined && value !== null && !isBlank(value);
  return ValidateBy(
    { name: 'required', validator: { validate: isGiven, defaultMessage: () => 'is missing' } },
    { context: { code } satisfies FaultContext },
  );
}

/** One rule of a field; absent values keep every rule. */
export function Rule({ code, name, isKept, fault, limit }: FieldRule): PropertyDecorator {
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value) => value === undefined || value === null || isKept(value),
        defaultMessage: (args) => (typeof fault === 'string' ? fault : fault(args?.value)),
      },
    },
    { context: { code, ...(limit && { limit }) } satisfies FaultContext },
  );
}

/** Text that Unicode can write: a lone half of a surrogate pair could not be stored. */
export function IsText(code: ErrorCode): PropertyDecorator {
  return Rule({
    code,
    name: 'isText',
    isKept: (value) => typeof value === 'string' && value.isWellFormed(),
    fault: (value) => (typeof value === 'string' ? 'has half of a surrogate pair' : 'must be a text'),
  });
}

/** At most `max` characters as people count them: code points, not bytes or UTF-16 units. */
export function MaxCharacters(code: ErrorCode, max: number): PropertyDecorator {
  return Rule({
    code,
    name: 'maxCharacters',
    isKept: (value) => typeof value !== 'string' || characters(value) <= max,
    fault: (value) => `has ${characters(String(value))} characters`,
    limit: `at most ${max} characters`,
  });
}

export function IsFlag(code: ErrorCode): PropertyDecorator {
  return Rule({
    code,
    name: 'isFlag',
    isKept: (value) => typeof value === 'boolean',
    fault: 'must be true or false',
    limit: 'true, false',
  });
}

export function IsOneOf(code: ErrorCode, allowed: readonly string[]): PropertyDecorator {
  return Rule({
    code,
    name: 'isOneOf',
    isKept: (value) => allowed.includes(value as string),
    fault: 'is not one of the allowed values',
    limit: allowed.join(', '),
  });
}

/** A whole number; its range is a rule of its own. */
export function IsWhole(code: ErrorCode): PropertyDecorator {
  return Rule({
    code,
    name: 'isWhole',
    isKept: (value) => Number.isSafeInteger(value),
    fault: 'must be a whole number',
  });
}

/** Values that are not numbers keep it: {@link IsWhole} speaks of them. */
export function InRange(code: ErrorCode, min: number, max: number): PropertyDecorator {
  return Rule({
    code,
    name: 'inRange',
    isKept: (value) => !Number.isSafeInteger(value) || (Number(value) >= min && Number(value) <= max),
    fault: (value) => `is ${String(value)}`,
    limit: Number.isFinite(max) ? `${min} to ${max}` : `at least ${min}`,
  });
}

/** An object with rules of its own; `code` for what is not an object and for unknown fields in it. */
export function Nested(code: ErrorCode, Dto: () => Class<object>): PropertyDecorator {
  const rules = [
    Reflect.metadata(CHILDREN_CODE, code),
    Rule({ code, name: 'isObject', isKept: isObject, fault: 'must be an object' }),
    Type(Dto),
    ValidateNested(),
  ];
  return (target, property) => rules.forEach((rule) => rule(target, property));
}

/** Runs `change` on a value that is given, before the rules. */
export function Changed(change: (value: unknown) => unknown): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (value === undefined || value === null ? value : change(value)));
}

export function characters(text: string): number {
  return Array.from(text).length;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}
