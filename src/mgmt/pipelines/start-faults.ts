import { INDEX_BASE_PATTERN } from '../../domain/index-base.js';
import type { Pipeline } from '../../domain/pipeline.js';
import type { Fault } from '../errors/api-error.js';
import { ID_PATTERN, MAX_ID_CHARACTERS } from './dto/pipeline-rules.js';

/**
 * What keeps a pipeline from running whatever the workers do. One that was made over the API has none of these; a row that
 * an older service has left may.
 */
export function startFaults({
  id,
  indexBase,
  useIndexBaseInData,
}: Pick<Pipeline, 'id' | 'indexBase' | 'useIndexBaseInData'>): Fault[] {
  const faults: Fault[] = [];
  if (!isRunnableId(id)) {
    const limit = 'an id of lower-case letters, digits and hyphens: create the pipeline anew under another one';
    faults.push({ code: 'InvalidParameter.PipelineID', field: 'id', fault: `${id} cannot run under its id`, limit });
  }
  if (indexBase === '' && !useIndexBaseInData) {
    faults.push({ code: 'NullParameter.IndexBase', field: 'index_base', fault: 'is missing' });
  }
  if (indexBase !== '' && !INDEX_BASE_PATTERN.test(indexBase)) {
    faults.push({ code: 'InvalidParameter.IndexBase', field: 'index_base', fault: 'is not of the allowed form' });
  }
  return faults;
}

/** Only then there are names of topics and tasks for it. */
export function isRunnableId(id: string): boolean {
  return ID_PATTERN.test(id) && id.length <= MAX_ID_CHARACTERS;
}
