import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';

type Examples = Readonly<Record<string, { summary: string; value: object }>>;

/** Documents the body of a request, with examples by name. */
export function ExampledBody(type: Type<object>, examples: Examples): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(type),
    ApiBody({ required: true, schema: { $ref: getSchemaPath(type) }, examples: { ...examples } }),
  );
}
