import type { IndexBase } from '../../domain/index-base.js';
import type { Pipeline } from '../../domain/pipeline.js';
import type { IndexBaseProvider } from '../../platform/index-base/index-base-provider.js';
import { invalidRequest } from '../errors/api-error.js';

/**
 * The pipeline's own base, made if that is allowed; undefined for one that takes all its bases from the data. Of `before`,
 * the form that the pipeline has so far, what the provider said a short while ago is good enough.
 */
export async function requiredBase(
  indexBases: IndexBaseProvider,
  { indexBase }: Pick<Pipeline, 'indexBase'>,
  before?: Pick<Pipeline, 'indexBase'>,
): Promise<IndexBase | undefined> {
  if (indexBase === '') {
    return undefined;
  }
  const known = indexBase === before?.indexBase ? await indexBases.get(indexBase) : undefined;
  const base = known ?? (await indexBases.ensure(indexBase));
  if (!base) {
    throw invalidRequest([
      { code: 'InvalidParameter.IndexBase', field: 'index_base', fault: `there is no index base ${indexBase}` },
    ]);
  }
  return base;
}
