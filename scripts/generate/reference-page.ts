import { CROSS_FIELD_RULES } from '../../src/config/cross-field-rules.ts';
import { TLS_FILE_RULES } from '../../src/config/tls-file-rules.ts';
import type { GroupNode, SchemaNode, SettingNode } from './schema-tree.ts';
import { escaped } from './table-cell.ts';

/** The text of docs/configuration.md: the introduction, which is written by hand, and a table for each group. */
export function referencePage(introduction: string, groups: readonly GroupNode[]): string {
  return [
    introduction.trimEnd(),
    '## Settings',
    ...groups.flatMap((group) => sectionOf(group)),
    '## Rules between settings',
    ...CROSS_FIELD_RULES.map(({ paths, rule }) => `- \`${paths[0]}\`: ${escaped(rule.replace(', since ', ' when '))}`),
    '',
    'Where TLS is in use, its files are read when the settings are:',
    '',
    ...TLS_FILE_RULES.map((rule) => `- ${escaped(rule)}`),
  ].join('\n');
}

function sectionOf(group: GroupNode): string[] {
  const settings = leavesOf(group.children);
  return [
    `\n### ${group.key}\n`,
    `${escaped(group.help.text)}\n`,
    ...groupsIn(group.children).map(({ path, help }) => `\`${path}\`: ${escaped(help.text)}\n`),
    '| setting, variable | type, default | must be | meaning |',
    '| --- | --- | --- | --- |',
    ...settings.map((setting) => rowOf(setting, `\`${setting.path}\`<br>\`${setting.variable}\``)),
    '',
    ...settings.filter(({ elements }) => elements.length > 0).flatMap(elementTable),
  ];
}

function elementTable({ path, elements }: SettingNode): string[] {
  return [
    `Each element of \`${path}\`:\n`,
    '| key | type, default | must be | meaning |',
    '| --- | --- | --- | --- |',
    ...elements.map((element) => rowOf(element, `\`${element.key}\``)),
    '',
  ];
}

function rowOf(setting: SettingNode, name: string): string {
  const { rule, help, isSecret } = setting;
  const example = help.example === undefined ? '' : ` Example: \`${help.example}\``;
  const cells = [name, typeAndDefault(setting), ruleOf(rule), `${isSecret ? '**Secret.** ' : ''}${help.text}`];
  return `| ${cells.map(escaped).join(' | ')}${example} |`;
}

function typeAndDefault({ shape, default: value }: SettingNode): string {
  const type = typeof shape.type === 'string' ? (typeNames[shape.type] ?? shape.type) : 'word';
  return `${type}, ${shownDefault(value)}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'flag',
  array: 'list',
};

function shownDefault(value: unknown): string {
  if (value === undefined) return 'must be given';
  if (value === '' || (Array.isArray(value) && value.length === 0)) return 'empty';
  return `\`${Array.isArray(value) ? value.join(', ') : JSON.stringify(value).replaceAll('"', '')}\``;
}

function ruleOf(text: string): string {
  return text.replace(/^must be /, '').replace(/^must /, 'must ');
}

function leavesOf(nodes: readonly SchemaNode[]): SettingNode[] {
  return nodes.flatMap((node) => (node.kind === 'setting' ? [node] : leavesOf(node.children)));
}

function groupsIn(nodes: readonly SchemaNode[]): GroupNode[] {
  return nodes.filter((node) => node.kind === 'group').flatMap((group) => [group, ...groupsIn(group.children)]);
}
