import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { fileFault } from './file-fault.js';
import { layerOf, type SettingsLayer } from './settings-layer.js';

/** Reads a YAML file; one that cannot be read or parsed is a layer of faults. */
export function readSettingsFile(path: string, shownPath: string): SettingsLayer {
  try {
    return parseSettings(readFileSync(path, 'utf8'), shownPath, dirname(resolve(path)));
  } catch (error) {
    return faulty(shownPath, `cannot be read: ${fileFault(error)}`);
  }
}

/** `folder` is where relative paths in the text start from. */
export function parseSettings(text: string, shownPath: string, folder = process.cwd()): SettingsLayer {
  const lines = new LineCounter();
  // prettyErrors would quote the faulty line, which may hold a secret.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // A warning means that a value was not taken as it stands, such as a password that begins with an exclamation mark.
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    return {
      values: new Map(),
      faults: errors.map((error) => ({
        path: '',
        rule: `is not YAML: ${withoutQuotation(error.message)}`,
        origin: `${shownPath} line ${lines.linePos(error.pos[0]).line}`,
      })),
    };
  }
  const content = contentOf(document);
  if (content instanceof ReferenceError) {
    return faulty(shownPath, `is not YAML: ${withoutQuotation(content.message)}`);
  }
  const originOf = (keys: readonly (string | number)[]) => {
    const node = document.getIn(keys, true) as { range?: [number, number, number] | null } | undefined;
    return node?.range ? `${shownPath} line ${lines.linePos(node.range[0]).line}` : shownPath;
  };
  return layerOf(content, originOf, folder);
}

/** An alias without its anchor, or too many of them, shows only when the document is resolved. */
function contentOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    if (error instanceof ReferenceError) {
      return error;
    }
    throw error;
  }
}

/** The parser quotes the text that it stumbled over, behind a colon or as an escape sequence: it may be a secret. */
function withoutQuotation(message: string): string {
  return message.replace(/(:| \\).*$/s, '');
}

function faulty(origin: string, rule: string): SettingsLayer {
  return { values: new Map(), faults: [{ path: '', rule, origin }] };
}
