import type { ApiAnswer, ApiClient } from '../api-client.js';
import type { SeededRandom } from './seeded-random.js';

const WEIGHTS = {
  ...{ create: 15, get: 18, list: 6, update: 14, updateIfMatch: 10, start: 7, stop: 6, restart: 6 },
  ...{ delete: 3, deleteForced: 5, grant: 6, revoke: 2, rights: 4 },
} as const;
const ACCOUNTS = 2;

export type CallKind = keyof typeof WEIGHTS;

export interface PipelineCall {
  /** Counts the calls; what a call writes has it, so that a read tells whose it is. */
  n: number;
  kind: CallKind;
  id: string;
  account: string;
  /** Which of the replicas is asked. */
  replica: number;
}

/** `count` calls, `perPipeline` to some pipelines at a time before the next ones are called, so that they meet. */
export function* randomCalls(
  random: SeededRandom,
  {
    count,
    together,
    perPipeline,
    replicas,
  }: { count: number; together: number; perPipeline: number; replicas: number },
): Generator<PipelineCall> {
  for (let n = 0; n < count; n += 1) {
    const group = Math.floor(n / (together * perPipeline));
    yield {
      n,
      kind: random.weighted(WEIGHTS),
      id: `g${group}-${random.below(together)}`,
      account: `account-${random.below(ACCOUNTS)}`,
      replica: random.below(replicas),
    };
  }
}

/** Undefined when the connection broke before there was an answer. */
export type CallAnswer = ApiAnswer<CallBody> | undefined;

export interface CallBody {
  comment?: string;
  status?: string;
  error_code?: string;
  entries?: { id: string; comment: string; status: string; accessor: { id: string } }[];
}

/** `version`: what the caller believes to be the pipeline's, for the calls that say so. */
export async function carryOut(
  { n, kind, id, account }: PipelineCall,
  api: ApiClient,
  { indexBase, version }: { indexBase: string; version: number },
): Promise<CallAnswer> {
  const pipeline = { name: id, index_base: indexBase, comment: String(n) };
  const path = `/pipelines/${id}`;
  const accessor = `accessor_type=user&accessor_id=${account}`;
  const requests: Record<CallKind, () => Parameters<ApiClient['request']>> = {
    create: () => ['POST', '/pipelines', { ...pipeline, id }],
    get: () => ['GET', path],
    list: () => ['GET', `/pipelines?limit=-1&name_pattern=${id}`],
    update: () => ['PUT', path, { ...pipeline, deployment_config: { parallelism: 1 + (n % 3) } }],
    updateIfMatch: () => ['PUT', path, pipeline, { 'if-match': `"${version}-"` }],
    start: () => ['PUT', `${path}/attrs/status`, { status: 'running' }],
    stop: () => ['PUT', `${path}/attrs/status`, { status: 'close' }],
    restart: () => ['POST', `${path}/restart`],
    delete: () => ['DELETE', path],
    deleteForced: () => ['DELETE', `${path}?force=true`],
    grant: () => [
      'POST',
      '/policies',
      { accessor: { type: 'user', id: account }, resource: id, operations: ['modify'] },
    ],
    revoke: () => ['DELETE', `/policies?resource=${id}&${accessor}`],
    rights: () => ['GET', `/policies?resource=${id}`],
  };
  return api.request<CallBody>(...requests[kind]()).catch((error: unknown) => {
    // What fetch throws when the connection breaks, or none comes about; of another realm, under Jest.
    if ((error as Error).name === 'TypeError') {
      return undefined;
    }
    throw error;
  });
}
