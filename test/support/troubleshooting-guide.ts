import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const guide = readFileSync(join(import.meta.dirname, '../../docs/troubleshooting.md'), 'utf8');
const placeholder = /<[^<>\n]+>/;

/** The texts that the guide quotes under a heading, as patterns: what stands in <...> may be anything. */
export function quotedTexts(heading: string): RegExp[] {
  const [, section = ''] = guide.split(new RegExp(`^##+ ${heading}$`, 'm'));
  const [own = ''] = section.split(/^##/m);
  const texts = [...own.matchAll(/^```text\n(.+)\n```$/gm)].map(([, text = '']) => text);
  if (texts.length === 0) {
    throw new Error(`docs/troubleshooting.md quotes nothing under ${heading}`);
  }
  return texts.map((text) => new RegExp(text.split(new RegExp(placeholder, 'g')).map(escaped).join('.+')));
}

/** The first quoted text of a code: what an operator reads in status_details. */
export function causeInGuide(code: string): RegExp {
  const [cause = /$^/] = quotedTexts(code);
  return cause;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
