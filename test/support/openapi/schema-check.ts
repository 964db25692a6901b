import { Ajv, type ValidateFunction } from 'ajv';
import type { ApiDocument, Schema } from './document.js';

interface Options {
  /** Also fields that are not documented are faults, where a schema does not say that there may be some. */
  isClosed?: boolean;
}

/** Holds values against the schemas of a document. */
export class SchemaCheck {
  private readonly ajv = new Ajv({ allErrors: true, strict: false });
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(
    private readonly document: ApiDocument,
    private readonly options: Options = { isClosed: true },
  ) {}

  /** What is wrong with the value, in words; empty when nothing is. */
  faults(schema: Schema, value: unknown): string[] {
    const key = JSON.stringify(schema);
    const validate = this.compiled.get(key) ?? this.ajv.compile(this.inlined(schema));
    this.compiled.set(key, validate);
    return validate(value)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) => `${instancePath || 'it'} ${message} ${JSON.stringify(params)}`,
        );
  }

  /** Without references: they are those of OpenAPI, from the root of the document. */
  private inlined(schema: Schema): Schema {
    const { properties, items, additionalProperties: others, ...rest } = this.document.schema(schema);
    return {
      ...rest,
      ...(schema.nullable && { nullable: true }),
      ...(properties && {
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, property]) => [name, this.inlined(property)]),
        ),
      }),
      ...(items && { items: this.inlined(items) }),
      ...this.others(properties, others),
    };
  }

  private others(properties: Schema['properties'], others: Schema['additionalProperties']): Partial<Schema> {
    if (typeof others === 'object') {
      return { additionalProperties: this.inlined(others) };
    }
    const isOpen = others ?? !(this.options.isClosed && properties);
    return { additionalProperties: isOpen };
  }
}
