export interface PipelineRequest {
  id?: string;
  name: string;
  index_base: string;
  [field: string]: unknown;
}

/** The body of a create with nothing but what must be given. */
export function pipelineRequest(indexBase: string, changes: Partial<PipelineRequest> = {}): PipelineRequest {
  return { name: `Pipeline of ${indexBase}`.slice(0, 40), index_base: indexBase, ...changes };
}

/** What a pipeline with little memory needs around it: records of a megabyte at most. */
export const smallMemorySettings = { SDP_SERVER_MAXRECORDMIB: '1' };

/** The least memory: it reads ahead of what is final by some megabytes only. */
export const smallMemory = { memory_limit: 100 };
