import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Changed, Optional, Rule } from './field-rules.js';

export const MAX_LIMIT = 1000;
const MAX_OFFSET = 999_999_999_999_999;
/** Everything: `limit` of a list without pages. */
export const NO_LIMIT = -1;

/** Query parameter `offset` of a list. */
export function PageOffset(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      description: 'How many are passed over',
      ...{ type: 'integer', minimum: 0, maximum: MAX_OFFSET, default: 0, required: false },
    }),
    Rule({
      code: 'InvalidParameter.Offset',
      name: 'isOffset',
      isKept: (value) => typeof value === 'number' && value >= 0 && value <= MAX_OFFSET,
      fault: 'is not of the allowed form',
      limit: `a whole number from 0 to ${MAX_OFFSET}`,
    }),
    Changed(numberOf),
    Optional(),
  );
}

/** Query parameter `limit` of a list; `initial` is documented, and up to the reader to apply. */
export function PageLimit(initial: number): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      description: 'How many at most, from 1; -1: all',
      ...{
        type: 'integer',
        minimum: NO_LIMIT,
        maximum: MAX_LIMIT,
        not: { enum: [0] },
        default: initial,
        required: false,
      },
    }),
    Rule({
      code: 'InvalidParameter.Limit',
      name: 'isLimit',
      isKept: (value) => typeof value === 'number' && (value === NO_LIMIT || (value >= 1 && value <= MAX_LIMIT)),
      fault: 'is not of the allowed form',
      limit: `a whole number from 1 to ${MAX_LIMIT}, or -1 for all`,
    }),
    Changed(numberOf),
    Optional(),
  );
}

/** Digits become a number; anything else stays, for the rules to refuse. */
function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}
