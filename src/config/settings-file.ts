import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { layerOf, type SettingsLayer } from './settings-layer.js';

/** Reads a YAML file; one that cannot be read or parsed is a layer of faults. */
export function readSettingsFile(path: string, shownPath: string): SettingsLayer {
  try {
    return parseSettings(readFileSync(path, 'utf8'), shownPath);
  } catch (error) {
    return faulty(shownPath, `cannot be read: ${reasonOf(error)}`);
  }
}

export function parseSettings(text: string, shownPath: string): SettingsLayer {
  const lines = new LineCounter();
  // prettyErrors would quote the faulty line, which may hold a secret.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return {
      values: new Map(),
      faults: document.errors.map((error) => ({
        path: '',
        rule: `is not YAML: ${error.message}`,
        origin: `${shownPath} line ${lines.linePos(error.pos[0]).line}`,
      })),
    };
  }
  const content = contentOf(document);
  if (content instanceof ReferenceError) {
    return faulty(shownPath, `is not YAML: ${content.message}`);
  }
  return layerOf(content, (keys) => {
    const node = document.getIn(keys, true) as { range?: [number, number, number] | null } | undefined;
    return node?.range ? `${shownPath} line ${lines.linePos(node.range[0]).line}` : shownPath;
  });
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

function faulty(origin: string, rule: string): SettingsLayer {
  return { values: new Map(), faults: [{ path: '', rule, origin }] };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'no permission',
  EISDIR: 'it is a folder',
};

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
