import type { SchemaNode, SettingNode } from './schema-tree.ts';

type Shape = Readonly<Record<string, unknown>>;

/** Where the chart is narrower than the program: it sets the addresses itself and has to know the ports. */
const chartRules: Readonly<Record<string, Shape | false>> = {
  'server.httpPort': { $ref: '#/definitions/port' },
  'server.internalHttpPort': { $ref: '#/definitions/port' },
  'server.bindAddress': false,
  'server.internalBindAddress': false,
};
/** Values end up in a ConfigMap, which is no place for a secret. */
const referenceOrNothing = { type: 'string', pattern: '^(\\$\\{(env|file|enc):.+\\})?$' };

const configPart = /^ {4}"config": \{[^]*?^ {4}\}(?=,?$)/m;

/** The given text of values.schema.json with the part for `config` made anew; the rest of the file is written by hand. */
export function valuesSchema(present: string, nodes: readonly SchemaNode[]): string {
  if (!configPart.test(present)) {
    throw new Error('values.schema.json has no "config" among its properties');
  }
  const description = 'Settings of the program, made from src/config by npm run generate.';
  return present.replace(
    configPart,
    () => `    "config": ${JSON.stringify(groupShape(description, nodes), undefined, 2)}`,
  );
}

function groupShape(description: string, nodes: readonly SchemaNode[]): Shape {
  return {
    description,
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(nodes.map((node) => [node.key, shapeOf(node)])),
  };
}

function shapeOf(node: SchemaNode): Shape | false {
  if (node.kind === 'group') return groupShape(node.help.text, node.children);
  const { path, help, isSecret, shape, elements } = node;
  if (path in chartRules) return chartRules[path] ?? false;
  return {
    description: help.text,
    ...(isSecret ? referenceOrNothing : shape),
    ...(elements.length > 0 && { items: elementShape(elements) }),
  };
}

function elementShape(elements: readonly SettingNode[]): Shape {
  return {
    type: 'object',
    additionalProperties: false,
    required: elements.filter((element) => element.default === undefined).map(({ key }) => key),
    properties: Object.fromEntries(elements.map((element) => [element.key, shapeOf(element)])),
  };
}
