import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformFileSync } from '@swc/core';

/**
 * From here on this process can import the program's own sources, decorators included, which Node cannot do by itself:
 * swc compiles them as it does for the tests, by .swcrc. Nothing has to be built first, and what is read is never stale.
 */
export function loadSources(root: string): void {
  const sources = join(root, 'src') + sep;
  registerHooks({
    resolve(specifier, context, next) {
      const target =
        context.parentURL && /^\.{1,2}\//.test(specifier) ? new URL(specifier, context.parentURL) : undefined;
      const file = target && fileURLToPath(target).replace(/\.js$/, '.ts');
      return file?.startsWith(sources) && existsSync(file)
        ? { url: pathToFileURL(file).href, format: 'module', shortCircuit: true }
        : next(specifier, context);
    },
    load(url, context, next) {
      const file = url.startsWith('file:') ? fileURLToPath(url) : '';
      return file.startsWith(sources)
        ? { format: 'module', source: transformFileSync(file, { cwd: root }).code, shortCircuit: true }
        : next(url, context);
    },
  });
}
