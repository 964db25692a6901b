import { CONDITION_REFERENCE, conditionSchema } from './condition-schema.js';
import { ON_ERROR } from './configured-handler.js';
import { HANDLER_TYPES } from './handler-types.js';
import type { HandlerType } from './handler-type.js';

const COMPONENTS = '#/components/schemas/';

/** The whole schema of an entry of this type, as a component of the API document; its references lead to others there. */
export function schemaOf({ type, description, options, required, example }: HandlerType): object {
  return {
    ...{ type: 'object', description },
    properties: {
      type: { type: 'string', enum: [type], description: 'The type of the handler' },
      when: { description: 'Apply it only to records of which this is true', allOf: [{ $ref: CONDITION_REFERENCE }] },
      on_error: {
        ...{ type: 'string', enum: ON_ERROR, default: 'reject' },
        description: 'What becomes of a record to which it cannot be applied: `keep` passes it on as it was before',
      },
      ...options,
    },
    required: ['type', ...required],
    additionalProperties: false,
    example: { type, ...example.options },
  };
}

/** The schema of one entry of a list of handlers. */
export function anyHandlerSchema() {
  const references = [...HANDLER_TYPES.keys()].map((type) => [type, COMPONENTS + componentOf(type)] as const);
  return {
    oneOf: references.map(([, $ref]) => ({ $ref })),
    discriminator: { propertyName: 'type', mapping: Object.fromEntries(references) },
  };
}

/** Schemas of the API document by their names: of each type of handler, and of what they refer to. */
export function handlerComponents(): Record<string, object> {
  const types = [...HANDLER_TYPES].map(([name, type]) => [componentOf(name), schemaOf(type)] as const);
  return { ...conditionComponent(), ...Object.fromEntries(types) };
}

/** What the schemas of single types refer to. */
export function conditionComponent(): Record<string, object> {
  return { [CONDITION_REFERENCE.replace(COMPONENTS, '')]: conditionSchema };
}

function componentOf(type: string): string {
  return `Handler${type.slice(0, 1).toUpperCase()}${type.slice(1)}`;
}
