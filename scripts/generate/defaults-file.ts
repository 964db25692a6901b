import { stringify } from 'yaml';
import type { GroupNode, SchemaNode, SettingNode } from './schema-tree.ts';

const width = 120;

const heading = `# All settings with their defaults, made by \`npm run generate\` from src/config: change them there. Your own go into a
# file of yours (--config FILE) or into environment variables: SDP_, then the path in capitals with _ between its parts,
# such as SDP_KAFKA_NAMES_TENANT; lists separated by commas or as JSON. \`--check-config\` checks the whole, \`--print-config\`
# shows what counts in the end, docs/configuration.md tells the rest.
`;

/** The text of config/default.yaml. */
export function defaultsFile(groups: readonly GroupNode[]): string {
  return `${heading}\n${groups.map((group) => linesOf(group, '').join('\n')).join('\n\n')}\n`;
}

function linesOf(node: SchemaNode, indent: string): string[] {
  return node.kind === 'setting'
    ? [...commentOf(helpOf(node), indent), ...exampleOf(node, indent), ...valueOf(node, indent)]
    : [
        ...commentOf(node.help.text, indent),
        `${indent}${node.key}:`,
        ...node.children.flatMap((child) => linesOf(child, `${indent}  `)),
      ];
}

function helpOf({ help, shape }: SettingNode): string {
  const words = Array.isArray(shape.enum) && shape.enum.length > 1 ? ` One of: ${shape.enum.join(', ')}.` : '';
  return help.text + words;
}

function commentOf(text: string, indent: string): string[] {
  const lines = [`${indent}#`];
  for (const word of text.replaceAll('`', '').split(' ')) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length <= width) lines.splice(-1, 1, line);
    else lines.push(`${indent}# ${word}`);
  }
  return lines;
}

function exampleOf({ help }: SettingNode, indent: string): string[] {
  return help.example === undefined ? [] : [`${indent}# ${help.example}`];
}

function valueOf({ key, default: value }: SettingNode, indent: string): string[] {
  const text = stringify({ [key]: value }, { singleQuote: true, lineWidth: 0 }).trimEnd();
  return text.split('\n').map((line) => indent + line);
}
