import type { Operation } from '../../platform/http/operation.js';
import type { CallerAccount } from '../auth/caller-account.js';

/** What concerns the service as a whole, such as creating. */
export const WHOLE_SERVICE = '*';

/** Operations on one pipeline; who creates it may do all of them. */
export const PIPELINE_OPERATIONS: readonly Operation[] = [
  ...(['view_detail', 'modify', 'delete', 'authorize', 'operate', 'view_data'] as const),
];

/** Who may do what. Each question rejects with ServiceUnavailable.Permission when nobody can tell now: never "allowed". */
export abstract class Permissions {
  /** `resource` is the id of a pipeline or {@link WHOLE_SERVICE}. */
  abstract isAllowed(account: CallerAccount, operation: Operation, resource: string): Promise<boolean>;

  /** What the account may do to each of these pipelines; shown to callers as `operations`. */
  abstract operationsOn(
    account: CallerAccount,
    pipelineIds: readonly string[],
  ): Promise<ReadonlyMap<string, Operation[]>>;

  /** Those of the pipelines to which the account may do it; undefined: all that there are, without looking at them. */
  abstract filter(
    account: CallerAccount,
    operation: Operation,
    pipelineIds: () => Promise<readonly string[]>,
  ): Promise<ReadonlySet<string> | undefined>;

  /** The creator of a pipeline may do everything to it. Repeatable. */
  abstract registerCreator(account: CallerAccount, pipelineId: string): Promise<void>;

  /** Forgets what accounts may do to a pipeline. Repeatable. */
  abstract forget(pipelineId: string): Promise<void>;
}
