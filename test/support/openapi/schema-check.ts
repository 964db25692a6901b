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
    const validate = this.compiled.get(key) ?? this.ajv.compile(this.complete(schema));
    this.compiled.set(key, validate);
    return validate(value)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) => `${instancePath || 'it'} ${message} ${JSON.stringify(params)}`,
        );
  }

  /** With the schemas that it refers to, under the names that references have: some contain themselves. */
  private complete(schema: Schema): object {
    const schemas = Object.fromEntries(
      Object.entries(this.document.schemas).map(([name, component]) => [name, this.closed(component)]),
    );
    return { ...this.closed(schema), components: { schemas } };
  }

  private closed(schema: Schema): object {
    const { $ref, allOf, oneOf, properties, items, nullable, additionalProperties: others, ...rest } = schema;
    const only = $ref === undefined ? allOf?.[0] : { $ref };
    if (only) {
      const referred = $ref === undefined ? this.closed(only) : { $ref };
      return nullable ? { anyOf: [{ type: 'null' }, referred] } : referred;
    }
    return {
      ...rest,
      ...(nullable && { nullable }),
      ...(oneOf && { oneOf: oneOf.map((one) => this.closed(one)) }),
      ...(properties && { properties: this.closedProperties(properties) }),
      ...(items && { items: this.closed(items) }),
      ...this.others(schema, others),
    };
  }

  private closedProperties(properties: Record<string, Schema>): object {
    return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, this.closed(property)]));
  }

  private others({ type, properties }: Schema, others: Schema['additionalProperties']): object {
    if (typeof others === 'object') {
      return { additionalProperties: this.closed(others) };
    }
    const isOpen = others ?? !(this.options.isClosed && properties);
    return type === 'object' || properties ? { additionalProperties: isOpen } : {};
  }
}
