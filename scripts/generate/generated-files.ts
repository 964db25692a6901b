import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { apiDocumentFile } from './api-document-file.ts';
import { defaultsFile } from './defaults-file.ts';
import { DocComments } from './doc-comments.ts';
import { handlersPage } from './handlers-page.ts';
import { referencePage } from './reference-page.ts';
import { schemaTree } from './schema-tree.ts';
import { valuesSchema } from './values-schema.ts';

export interface GeneratedFile {
  /** From the root of the repository. */
  path: string;
  content: string;
}

const valuesSchemaPath = 'helm/flow-stream-data-pipeline/values.schema.json';

/** Every file that is made from the sources: of the settings, of the handlers, and of the API. Formatted as the repository is. */
export async function generatedFiles(root: string): Promise<GeneratedFile[]> {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const groups = schemaTree(new DocComments(join(root, 'src/config')));
  const files = [
    { path: 'docs/configuration.md', content: referencePage(read('scripts/generate/reference-intro.md'), groups) },
    { path: 'config/default.yaml', content: defaultsFile(groups) },
    { path: 'docs/handlers.md', content: handlersPage(read('scripts/generate/handlers-intro.md')) },
    { path: 'docs/openapi.json', content: await apiDocumentFile() },
    { path: valuesSchemaPath, content: valuesSchema(read(valuesSchemaPath), groups) },
  ];
  return Promise.all(files.map((file) => formatted(root, file)));
}

async function formatted(root: string, { path, content }: GeneratedFile): Promise<GeneratedFile> {
  const filepath = join(root, path);
  return { path, content: await format(content, { ...(await resolveConfig(filepath)), filepath }) };
}
