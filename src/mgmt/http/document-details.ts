import type { OpenAPIObject } from '@nestjs/swagger';
import type { AppConfig } from '../../config/app-config.js';
import { isProbe } from '../../platform/http/probe-path.js';
import type { ErrorCode } from '../errors/error-registry.js';
import { errorAnswer } from './error-answer.js';

interface Schema {
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

interface Operation {
  operationId: string;
  parameters: Parameter[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses: Record<string, unknown>;
}

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
    const codes: readonly (readonly [number, ErrorCode])[] = [
      [400, 'InvalidParameter.RequestBody'],
      [413, 'LengthExceeded.RequestBody'],
      [415, 'UnSupported.ContentType'],
      ...(isProbe(path) ? [] : ([[429, 'CountExceeded.Requests']] as const)),
    ];
    codes.forEach(([status, code]) => (responses[status] ??= errorAnswer(status, [code])));
    responses[431] = { description: 'Address and headers of the request are longer than 16 KiB; without a body' };
  }
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
