import type { OpenSearch, StoredDocument } from '../search/open-search.ts';
import { QuickstartError } from '../quickstart-error.ts';

/** Changes one document in OpenSearch behind everybody's back. Returns its id. */
export async function falsify(search: OpenSearch, aliases: readonly string[]): Promise<StoredDocument> {
  for (const alias of aliases) {
    const document = await search.findNewest(alias, { exists: { field: 'message' } });
    if (document === undefined) continue;
    await search.update(document, { message: 'falsified' });
    return document;
  }
  throw new QuickstartError('There is no document that could be falsified');
}
