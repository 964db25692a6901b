import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Schema {
  $ref?: string;
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  description?: string;
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  default?: unknown;
  nullable?: boolean;
  example?: unknown;
  not?: { enum?: unknown[] };
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
}

export interface Header {
  $ref?: string;
  description?: string;
  schema?: Schema;
}

export interface Example {
  $ref?: string;
  summary?: string;
  value?: unknown;
}

export interface Media {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, Example>;
}

export interface Parameter {
  name: string;
  in: 'query' | 'header' | 'path';
  description?: string;
  required?: boolean;
  example?: unknown;
  schema: Schema;
}

export interface Answer {
  description: string;
  headers?: Record<string, Header>;
  content?: Record<string, Media>;
}

export interface Operation {
  summary?: string;
  operationId: string;
  tags?: string[];
  parameters: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, Answer>;
}

export type Method = 'get' | 'post' | 'put' | 'delete';

export interface Route extends Operation {
  method: Method;
  path: string;
}

interface Document {
  paths: Record<string, Partial<Record<Method, Operation>>>;
  components: {
    schemas: Record<string, Schema>;
    headers: Record<string, Header>;
    examples: Record<string, Example>;
  };
}

/** docs/openapi.json, or the document of a running service, with its references followed. */
export class ApiDocument {
  readonly routes: readonly Route[];

  constructor(readonly json: Document) {
    this.routes = Object.entries(json.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method as Method, path })),
    );
  }

  static committed(): ApiDocument {
    const file = join(import.meta.dirname, '../../../docs/openapi.json');
    return new ApiDocument(JSON.parse(readFileSync(file, 'utf8')) as Document);
  }

  get schemas(): Readonly<Record<string, Schema>> {
    return this.json.components.schemas;
  }

  /** Throws when there is none of this name. */
  route(operationId: string): Route {
    const found = this.routes.find((route) => route.operationId === operationId);
    if (!found) {
      throw new Error(`the document has no operation ${operationId}`);
    }
    return found;
  }

  /** The route that takes a request; undefined when none does. */
  find(method: string, path: string): Route | undefined {
    const [bare = ''] = path.split('?');
    return this.routes.find(
      (route) => route.method === method && new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare),
    );
  }

  /** The schema itself, where it refers to one or consists of one. */
  schema(schema: Schema): Schema {
    if (schema.allOf?.length === 1 && schema.allOf[0]) {
      return this.schema(schema.allOf[0]);
    }
    return schema.$ref === undefined ? schema : this.schema(named(this.schemas, schema.$ref));
  }

  header(header: Header): Header {
    return header.$ref === undefined ? header : named(this.json.components.headers, header.$ref);
  }

  /** Named examples of a body; a single one is called `example`. */
  examples({ example, examples = {} }: Media): { name: string; value: unknown }[] {
    const several = Object.entries(examples).map(([name, { $ref, value }]) => ({
      name,
      value: $ref === undefined ? value : named(this.json.components.examples, $ref).value,
    }));
    return example === undefined ? several : [{ name: 'example', value: example }, ...several];
  }
}

function named<T>(shelf: Readonly<Record<string, T>>, reference: string): T {
  const found = shelf[reference.slice(reference.lastIndexOf('/') + 1)];
  if (found === undefined) {
    throw new Error(`the document refers to ${reference}, which is not there`);
  }
  return found;
}
