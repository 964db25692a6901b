import type { OpenAPIObject } from '@nestjs/swagger';
import type { AppConfig } from '../../config/app-config.js';
import { isProbe } from '../../platform/http/probe-path.js';
import type { ErrorCode } from '../errors/error-registry.js';
import { errorAnswer } from './error-answer.js';

interface Schema {
  example?: unknown;
  enum?: unknown[];
  default?: unknown;
  $ref?: string;
  type?: string;
  maximum?: number;
  additionalProperties?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
}

interface Parameter {
  schema: Schema & { not?: unknown };
  not?: unknown;
}

interface Media {
  schema?: Schema;
  example?: unknown;
  examples?: unknown;
}

interface Operation {
  operationId: string;
  parameters: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description?: string; content?: Record<string, Media> }>;
}

const EMPTY: Readonly<Record<string, unknown>> = { string: '', integer: 0, number: 0, boolean: false, object: {} };
const METHODS = ['get', 'post', 'put', 'delete'] as const;

/** The library leaves `not` beside the schema, and a number with the name of an operation that has several paths. */
export function completeParameters(document: OpenAPIObject): void {
  for (const [, operation] of operationsOf(document)) {
    operation.operationId = operation.operationId.replace(/\[0\]$/, '').replace(/\[(\d+)\]$/, '_$1');
    for (const parameter of operation.parameters) {
      const { not, schema } = parameter;
      if (not !== undefined) {
        schema.not = not;
        delete parameter.not;
      }
    }
  }
}

/** Bodies with fields that are not documented are refused: the schemas of requests say so. */
export function closeRequests(document: OpenAPIObject): void {
  for (const [, { requestBody }] of operationsOf(document)) {
    Object.values(requestBody?.content ?? {}).forEach(({ schema }) => close(document, schema));
  }
}

/** Limits that are settings. */
export function setLimits(document: OpenAPIObject, { deployment }: Pick<AppConfig, 'deployment'>): void {
  const { cpu_limit: cpu, memory_limit: memory } = schemasOf(document)['DeploymentConfigDto']?.properties ?? {};
  if (!cpu || !memory) {
    throw new Error('The API document has no DeploymentConfigDto with cpu_limit and memory_limit');
  }
  cpu.maximum = deployment.cpuMax;
  memory.maximum = deployment.memoryMaxMiB;
}

/** What is answered before a request comes to its route, where the route says nothing of it. */
export function documentFrameworkErrors(document: OpenAPIObject): void {
  for (const [path, { responses }] of operationsOf(document)) {
    const codes: readonly (readonly [number, readonly ErrorCode[]])[] = [
      // Machines that probe may add what they like.
      [400, ['InvalidParameter.RequestBody', ...(isProbe(path) ? [] : (['InvalidParameter.QueryParameter'] as const))]],
      [413, ['LengthExceeded.RequestBody']],
      [415, ['UnSupported.ContentType']],
      ...(isProbe(path) ? [] : ([[429, ['CountExceeded.Requests']]] as const)),
    ];
    codes.forEach(([status, ofStatus]) => (responses[status] ??= errorAnswer(status, ofStatus)));
    responses[431] = { description: 'Address and headers of the request are longer than 16 KiB; without a body' };
  }
}

/** A body whose fields have examples needs none as a whole. */
export function composeExamples(document: OpenAPIObject): void {
  for (const [, { responses }] of operationsOf(document)) {
    for (const media of Object.values(responses).flatMap(({ content = {} }) => Object.values(content))) {
      if (media.example === undefined && media.examples === undefined && media.schema) {
        media.example = exampleOf(document, media.schema);
      }
    }
  }
}

function exampleOf(document: OpenAPIObject, given: Schema): unknown {
  const schema = resolved(document, given);
  const shown = given.example ?? schema.example ?? schema.default ?? schema.enum?.[0];
  if (shown !== undefined) {
    return shown;
  }
  const { properties, items } = schema;
  if (properties) {
    return Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, exampleOf(document, property)]),
    );
  }
  return items ? [exampleOf(document, items)] : EMPTY[schema.type ?? 'object'];
}

function resolved(document: OpenAPIObject, schema: Schema): Schema {
  const [only] = schema.allOf ?? [];
  if (only) {
    return resolved(document, only);
  }
  const name = schema.$ref?.replace('#/components/schemas/', '');
  return name === undefined ? schema : (schemasOf(document)[name] ?? schema);
}

function operationsOf(document: OpenAPIObject): [path: string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method): [string, Operation][] => (item[method] ? [[path, item[method] as Operation]] : [])),
  );
}

function schemasOf(document: OpenAPIObject): Record<string, Schema | undefined> {
  return (document.components?.schemas ?? {}) as Record<string, Schema | undefined>;
}

function close(document: OpenAPIObject, schema: Schema | undefined): void {
  if (!schema) {
    return;
  }
  if (schema.$ref !== undefined) {
    close(document, schemasOf(document)[schema.$ref.replace('#/components/schemas/', '')]);
  } else if (schema.properties) {
    schema.additionalProperties = false;
  }
  [...Object.values(schema.properties ?? {}), ...(schema.allOf ?? []), schema.items].forEach((part) =>
    close(document, part),
  );
}
