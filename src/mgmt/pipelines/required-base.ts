import type { IndexBase } from '../../domain/index-base.js';
import type { Pipeline } from '../../domain/pipeline.js';
import type { IndexBaseProvider } from '../../platform/index-base/index-base-provider.js';
import { invalidRequest } from '../errors/api-error.js';

/** The pipeline's own base, made if that is allowed; undefined for one that takes all its bases from the data. */
export async function requiredBase(
  indexBases: IndexBaseProvider,
  { indexBase }: Pick<Pipeline, 'indexBase'>,
): Promise<IndexBase | undefined> {
  if (indexBase === '') {
    return undefined;
  }
  const base = await indexBases.ensure(indexBase);
  if (!base) {
    throw invalidRequest([
      { code: 'InvalidParameter.IndexBase', field: 'index_base', fault: `there is no index base ${indexBase}` },
    ]);
  }
  return base;
}
