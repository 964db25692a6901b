import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { compileCondition } from './condition.js';
import { type ConfiguredHandler, MAX_HANDLERS } from './configured-handler.js';
import { conditionComponent, schemaOf } from './handler-schemas.js';
import { HANDLER_TYPES } from './handler-types.js';
import { type CompileResources, type HandlerResources, type HandlerType, OptionFault } from './handler-type.js';
import { PatternReader } from './pattern-reader.js';

/** Something that keeps a list of handlers from being used. */
export interface HandlerFault {
  /** `handlers[2].field`. */
  field: string;
  /** What is wrong with the value there. */
  fault: string;
}

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strict: false });
const validators = new Map<string, ValidateFunction>();

/** Everything that is wrong with a list of handlers; empty: it can be used. */
export function checkHandlers(handlers: readonly unknown[], resources: HandlerResources): HandlerFault[] {
  if (handlers.length > MAX_HANDLERS) {
    return [{ field: 'handlers', fault: `has ${handlers.length} entries; at most ${MAX_HANDLERS} are allowed` }];
  }
  const shared = { ...resources, patterns: new PatternReader() };
  return handlers.flatMap((handler, index) => checkHandler(handler, `handlers[${index}]`, shared));
}

function checkHandler(handler: unknown, field: string, resources: CompileResources): HandlerFault[] {
  const typeName = (handler as { type?: unknown } | null)?.type;
  if (typeof typeName !== 'string') {
    return [{ field: `${field}.type`, fault: 'is missing: name the type of the handler' }];
  }
  const type = HANDLER_TYPES.get(typeName);
  if (!type) {
    const known = [...HANDLER_TYPES.keys()].join(', ');
    return [
      {
        field: `${field}.type`,
        fault: `is "${typeName.slice(0, 40)}", which is no type of handler; there are ${known}`,
      },
    ];
  }
  const validate = validatorOf(type);
  if (!validate(handler)) {
    return (validate.errors ?? []).filter(isTelling).map((error) => describe(error, field));
  }
  return checkMeaning(type, handler as ConfiguredHandler, field, resources);
}

function checkMeaning(
  type: HandlerType,
  handler: ConfiguredHandler,
  field: string,
  resources: CompileResources,
): HandlerFault[] {
  try {
    if (handler.when) {
      compileCondition(handler.when, resources.patterns);
    }
    type.compile(handler, resources);
    return [];
  } catch (error) {
    if (error instanceof OptionFault) {
      return [{ field: `${field}.${error.option}`, fault: error.message }];
    }
    throw error;
  }
}

function validatorOf(type: HandlerType): ValidateFunction {
  const validate =
    validators.get(type.type) ?? ajv.compile({ ...schemaOf(type), components: { schemas: conditionComponent() } });
  validators.set(type.type, validate);
  return validate;
}

/** That no branch of an alternative fits says less than why each does not, and more than all of those together. */
function isTelling({ schemaPath }: ErrorObject): boolean {
  return !/\/oneOf\/\d+\//.test(schemaPath);
}

function describe(
  { instancePath, keyword, params, message = 'is not allowed' }: ErrorObject,
  field: string,
): HandlerFault {
  const at = field + instancePath.replace(/\/(\d+)/g, '[$1]').replace(/\//g, '.');
  switch (keyword) {
    case 'additionalProperties':
      return { field: `${at}.${String(params['additionalProperty'])}`, fault: 'is not an option of this type' };
    case 'required':
      return { field: `${at}.${String(params['missingProperty'])}`, fault: 'is missing' };
    case 'enum':
      return { field: at, fault: `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}` };
    case 'oneOf':
      return {
        field: at,
        fault: 'is no condition: {field, exists | equals | in | matches}, {all: []}, {any: []} or {not: {}}',
      };
    default:
      return { field: at, fault: message };
  }
}
