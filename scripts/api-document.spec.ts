// That docs/openapi.json leaves nothing unsaid: whoever adds a route, a field or a header describes it and shows an example.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiDocument, type Media, type Route, type Schema } from '../test/support/openapi/document.js';
import { SchemaCheck } from '../test/support/openapi/schema-check.js';

const document = ApiDocument.committed();
const check = new SchemaCheck(document);
const byName = document.routes.map((route) => [`${route.method} ${route.path}`, route] as const);

/** Paths of the properties below a schema that have no description. */
function undescribed(schema: Schema, path: string, seen: readonly Schema[] = []): string[] {
  const resolved = document.schema(schema);
  if (seen.includes(resolved)) return [];
  const below = [...seen, resolved];
  const properties = Object.entries(resolved.properties ?? {}).flatMap(([name, property]) => [
    ...(property.description ? [] : [`${path}.${name}`]),
    ...undescribed(property, `${path}.${name}`, below),
  ]);
  const { additionalProperties: others } = resolved;
  return [
    ...properties,
    ...(resolved.items ? undescribed(resolved.items, `${path}[]`, below) : []),
    ...(resolved.oneOf ?? []).flatMap((one, index) => undescribed(one, `${path}(${index})`, below)),
    ...(typeof others === 'object' ? undescribed(others, `${path}.*`, below) : []),
  ];
}

/** Every body of a route, with what it is. */
function bodiesOf({ requestBody, responses }: Route): [what: string, Media][] {
  return [
    ...Object.values(requestBody?.content ?? {}).map((media): [string, Media] => ['request', media]),
    ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
      Object.values(content).map((media): [string, Media] => [status, media]),
    ),
  ];
}

describe.each(byName)('docs/openapi.json, %s', (_name, route) => {
  it('says what it does', () => {
    expect(route.summary).toMatch(/\w/);
    expect(route.tags).toHaveLength(1);
  });

  it('describes every parameter and gives an example of each that is free text', () => {
    expect(route.parameters.filter(({ description }) => !description).map(({ name }) => name)).toEqual([]);
    const isShown = ({ example, schema }: Route['parameters'][number]) =>
      [example, schema.example, schema.default, schema.enum, schema.items?.enum].some((shown) => shown !== undefined);
    expect(route.parameters.filter((parameter) => !isShown(parameter)).map(({ name }) => name)).toEqual([]);
  });

  it('describes every property', () => {
    expect(bodiesOf(route).flatMap(([what, { schema }]) => (schema ? undescribed(schema, what) : [what]))).toEqual([]);
  });

  it('describes every answer and its headers', () => {
    const answers = Object.entries(route.responses);
    expect(answers.filter(([, { description }]) => !description).map(([status]) => status)).toEqual([]);
    const headers = answers.flatMap(([status, { headers = {} }]) =>
      Object.entries(headers).map(([name, header]) => ({ name: `${status} ${name}`, ...document.header(header) })),
    );
    expect(headers.filter(({ description, schema }) => !description || !schema).map(({ name }) => name)).toEqual([]);
  });

  it('has an example of every body, as its schema wants it', () => {
    for (const [what, media] of bodiesOf(route)) {
      const examples = document.examples(media);
      expect([what, examples.length > 0]).toEqual([what, true]);
      for (const { name, value } of examples) {
        expect([what, name, check.faults(media.schema ?? {}, value)]).toEqual([what, name, []]);
      }
    }
  });

  it('lists the codes of every error, unless the answer is a report or comes before there is a request', () => {
    for (const [status, { description, content = {} }] of Object.entries(route.responses)) {
      const isReport = Object.values(content).some(
        ({ schema }) => document.schema(schema ?? {}).properties?.['status'],
      );
      if (Number(status) >= 400 && status !== '431' && !isReport) {
        expect([status, description]).toEqual([status, expect.stringMatching(/`StreamDataPipeline\.\w+/)]);
      }
    }
  });
});

describe('docs/openapi.json', () => {
  it('has only codes that docs/errors.md explains', () => {
    const explained = readFileSync(join(import.meta.dirname, '../docs/errors.md'), 'utf8');
    const text = JSON.stringify(document.json.paths);
    const codes = new Set([...text.matchAll(/`(StreamDataPipeline\.[\w.]+)`/g)].map(([, code = '']) => code));
    expect(codes.size).toBeGreaterThan(50);
    expect([...codes].filter((code) => !explained.includes(`\`${code}\``))).toEqual([]);
  });

  it('gives every operation a name of its own that a program can use', () => {
    const names = document.routes.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^\w+$/.test(name))).toEqual([]);
  });
});
