// npm run generate: writes what is made from the schema of the settings (src/config) and from the routes of the API. A test
// fails when a committed file is another one than this would write.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadSources } from './source-loader.ts';

const root = resolve(import.meta.dirname, '../..');

loadSources(root);
const { generatedFiles } = await import('./generated-files.ts');
for (const { path, content } of await generatedFiles(root)) {
  writeFileSync(join(root, path), content);
  console.log(path);
}
