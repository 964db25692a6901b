import type { Account } from '../../domain/pipeline.js';
import type { Operation } from '../../platform/http/operation.js';

const ON_A_PIPELINE: readonly Operation[] = ['view_detail', 'modify', 'delete', 'authorize', 'operate', 'view_data'];

/** Who may do what: with permission.mode `none` everyone everything. */
export class Permissions {
  isAllowed(_account: Account, _operation: Operation): boolean {
    return true;
  }

  /** What the account may do to this pipeline; shown to callers as `operations`. */
  operationsOn(_account: Account, _pipelineId: string): Operation[] {
    return [...ON_A_PIPELINE];
  }
}
