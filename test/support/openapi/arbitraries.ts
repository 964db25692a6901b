import fc, { type Arbitrary } from 'fast-check';
import type { ApiDocument, Parameter, Route, Schema } from './document.js';

/** Numbers from here on would make so many partitions that the broker would feel it; those beyond the limit are refused. */
const COSTLY_FIELDS: ReadonlySet<string> = new Set(['input_partitions']);

const SPECIAL_TEXTS = ['', ' ', '\0', '%', '_', '*', '../', "'", '"', '\\', '__proto__', 'null', 'true', '-1', '1e9'];

/** Values that fit no schema in particular. */
const anything: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, 0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER + 1, true, [], {}, ...SPECIAL_TEXTS),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
);

/** Schemas that contain themselves end here. */
const MAX_DEPTH = 6;

/** Mostly values that a schema allows, some next to its limits, a few that have nothing to do with it. */
function valueOf(document: ApiDocument, given: Schema, name = '', depth = 0): Arbitrary<unknown> {
  if (depth > MAX_DEPTH) {
    return anything;
  }
  const schema = document.schema(given);
  const allowed = allowedOf(document, schema, name, depth + 1);
  return fc.oneof({ weight: 6, arbitrary: allowed }, { weight: 1, arbitrary: anything });
}

function allowedOf(document: ApiDocument, schema: Schema, name: string, depth: number): Arbitrary<unknown> {
  if (schema.oneOf) {
    return fc.oneof(...schema.oneOf.map((one) => valueOf(document, one, name, depth)));
  }
  if (schema.enum) {
    return fc.constantFrom(...schema.enum);
  }
  switch (schema.type) {
    case 'object':
      return objectOf(document, schema, depth);
    case 'array':
      return fc.array(valueOf(document, schema.items ?? {}, '', depth), { maxLength: mostItems(schema) });
    case 'integer':
    case 'number':
      return numberOf(schema, COSTLY_FIELDS.has(name));
    case 'boolean':
      return fc.boolean();
    case 'string':
    case undefined:
      return textOf(schema);
  }
}

/** One more than there may be; of large things a few, for the number of those is tried at its limit elsewhere. */
function mostItems({ items, maxItems = 5 }: Schema): number {
  return items?.oneOf ? 3 : maxItems + 1;
}

function numberOf({ minimum = -10, maximum = 1_000_000 }: Schema, isCostly: boolean): Arbitrary<number> {
  const edges = fc.constantFrom(minimum - 1, minimum, minimum + 1, maximum + 1, maximum * 10);
  return isCostly ? edges : fc.oneof(edges, fc.constant(maximum), fc.integer({ min: minimum, max: maximum }));
}

function textOf({ maxLength = 50, pattern, example }: Schema): Arbitrary<string> {
  const long = fc.constantFrom(maxLength, maxLength + 1).map((length) => '😀'.repeat(length));
  const free = fc.string({ unit: 'grapheme', maxLength: maxLength + 1 });
  const fitting = pattern ? fc.stringMatching(new RegExp(pattern), { size: 'small' }) : free;
  return fc.oneof(
    fitting,
    fitting,
    free,
    long,
    fc.constantFrom(...SPECIAL_TEXTS, ...(typeof example === 'string' ? [example] : [])),
  );
}

/** With some of its fields, at times one that it does not have. */
function objectOf(
  document: ApiDocument,
  { properties = {}, required = [], example }: Schema,
  depth: number,
): Arbitrary<object> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, valueOf(document, property, name, depth)]),
  );
  const known = fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
  const foreign = fc.tuple(known, fc.string(), anything).map(([body, name, value]) => ({ ...body, [name]: value }));
  const poorer = fc
    .tuple(known, fc.nat())
    .map(([body, at]) => Object.fromEntries(Object.entries(body).filter((_entry, place) => place !== at % 5)));
  return fc.oneof(
    { weight: 5, arbitrary: known },
    { weight: 1, arbitrary: foreign },
    { weight: 1, arbitrary: poorer },
    ...(isObject(example) ? [{ weight: 5, arbitrary: fc.constant(example) }] : []),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface RandomRequest {
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

export interface Known {
  /** What the path may name, beside random texts. */
  ids: readonly string[];
  /** Bodies that the route takes; most are sent with one field changed. */
  bodies: readonly object[];
}

/** Requests of a route, from its documentation. */
export function requestsOf(document: ApiDocument, route: Route, { ids, bodies }: Known): Arbitrary<RandomRequest> {
  const schema = route.requestBody?.content['application/json']?.schema;
  const body = schema
    ? fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom(...bodies) },
        { weight: 4, arbitrary: nearlyOf(document, schema, bodies) },
        { weight: 4, arbitrary: valueOf(document, schema) },
      )
    : fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anything });
  return fc.record({
    path: fc
      .tuple(pathOf(route, ids), queryOf(route))
      .map(([path, query]) => (query === '' ? path : `${path}?${query}`)),
    headers: headersOf(route),
    body,
  });
}

/** One of the bodies with one field of another value, allowed or not. */
function nearlyOf(document: ApiDocument, schema: Schema, bodies: readonly object[]): Arbitrary<object> {
  const fields = Object.entries(document.schema(schema).properties ?? {}).map(([name, property]) =>
    valueOf(document, property, name).map((value) => ({ [name]: value })),
  );
  return fc.tuple(fc.constantFrom(...bodies), fc.oneof(...fields)).map(([body, change]) => ({ ...body, ...change }));
}

function pathOf({ path }: Route, ids: readonly string[]): Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const segment = (name: string) =>
    name === 'fields'
      ? fc.constantFrom('status', 'status_details', 'status,status_details', 'name', ',', 'status,status')
      : fc.oneof(
          fc.constantFrom(...ids),
          textOf({ maxLength: 41 }).filter((text) => !/^\.{0,2}$/.test(text)),
        );
  return fc
    .tuple(...names.map(segment))
    .map((values) => path.replaceAll(/\{\w+\}/g, () => encodeURIComponent((values.shift() ?? '').toWellFormed())));
}

/** Documented parameters with values that mostly fit, now and then twice, and at times another one. */
function queryOf(route: Route): Arbitrary<string> {
  const documented = route.parameters
    .filter(({ in: place }) => place === 'query')
    .map((parameter) => pairOf(parameter));
  const foreign = fc.tuple(fc.string(), fc.string());
  const pairs = documented.length > 0 ? fc.oneof(...documented, ...documented, foreign) : foreign;
  return fc
    .oneof(fc.constant([]), fc.array(pairs, { maxLength: 4 }))
    .map((given) =>
      given.map((pair) => pair.map((text) => encodeURIComponent(text.toWellFormed())).join('=')).join('&'),
    );
}

function pairOf({ name, schema }: Parameter): Arbitrary<[string, string]> {
  const value = valueOf({ schema: (one: Schema) => one } as ApiDocument, schema.items ?? schema);
  return value.map((given): [string, string] => [name, typeof given === 'string' ? given : JSON.stringify(given)]);
}

/** Only what a header can carry. */
function headersOf(route: Route): Arbitrary<Record<string, string>> {
  const names = route.parameters.filter(({ in: place }) => place === 'header').map(({ name }) => name.toLowerCase());
  const value = fc.oneof(fc.string({ maxLength: 100 }), fc.constantFrom('*', '"1-x"', 'W/"2-y"', 'zh-CN', '")(', ',,'));
  return fc.dictionary(fc.constantFrom(...(names.length > 0 ? names : ['x-request-id'])), value, { maxKeys: 2 });
}
