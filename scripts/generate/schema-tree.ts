import { AppConfig } from '../../src/config/app-config.ts';
import { elementClassOf } from '../../src/config/elements-of.ts';
import { variableOf } from '../../src/config/environment-variable.ts';
import { fileKeysOf } from '../../src/config/file-key.ts';
import { isInputFile } from '../../src/config/input-file.ts';
import { rulesOf, type ValueShape } from '../../src/config/rules.ts';
import { isSecret } from '../../src/config/secret.ts';
import type { DocComment, DocComments } from './doc-comments.ts';

export interface SettingNode {
  kind: 'setting';
  /** As files write it. */
  key: string;
  path: string;
  help: DocComment;
  /** Undefined for a property of a list's element that has to be given. */
  default: unknown;
  /** What its value must be, in words. */
  rule: string;
  shape: ValueShape;
  variable: string;
  isSecret: boolean;
  isInputFile: boolean;
  /** Properties of the elements, of a list of groups. */
  elements: SettingNode[];
}

export interface GroupNode {
  kind: 'group';
  key: string;
  path: string;
  help: DocComment;
  children: SchemaNode[];
}

export type SchemaNode = SettingNode | GroupNode;

/** The schema of the settings with all that is to be said about them. Throws when something is left unsaid. */
export function schemaTree(comments: DocComments): GroupNode[] {
  return nodesOf(new AppConfig(), '', comments).map((node) => {
    if (node.kind === 'setting') throw new Error(`${node.path} belongs into a group`);
    return node;
  });
}

function nodesOf(group: object, prefix: string, comments: DocComments): SchemaNode[] {
  return keysOf(group).map((property) => {
    const value: unknown = group[property as keyof typeof group];
    const key = fileKeysOf(group)[property] ?? property;
    const path = prefix + key;
    const help = comments.get(group, property);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { kind: 'group', key, path, help, children: nodesOf(value, `${path}.`, comments) }
      : { ...settingOf(group, property, comments), key, path, help, default: value, variable: variableOf(path) };
  });
}

function settingOf(group: object, property: string, comments: DocComments) {
  const rules = rulesOf(group, property);
  if (rules.length === 0) throw new Error(`${group.constructor.name}.${property} has no rule: see src/config/rules.ts`);
  const elementClass = elementClassOf(group, property);
  return {
    kind: 'setting' as const,
    rule: rules.map(({ text }) => text).join('; '),
    shape: Object.assign({}, ...rules.map(({ shape }) => shape)) as ValueShape,
    isSecret: isSecret(group, property),
    isInputFile: isInputFile(group, property),
    elements: elementClass ? settingsOf(nodesOf(new elementClass(), '', comments)) : [],
  };
}

/** What switches the rest of a group comes first, wherever it is inherited from. */
function keysOf(group: object): string[] {
  const keys = [...new Set([...Object.keys(fileKeysOf(group)), ...Object.keys(group)])];
  return keys.toSorted((one, other) => Number(other === 'enabled') - Number(one === 'enabled'));
}

function settingsOf(nodes: readonly SchemaNode[]): SettingNode[] {
  return nodes.filter((node) => node.kind === 'setting');
}
