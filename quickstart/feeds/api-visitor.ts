import type { ManagementApi } from '../program/management-api.ts';

/** Makes the requests that the access log is made of: as people do, some of them wrong. */
export async function visitApi(api: ManagementApi, pipelineIds: readonly string[]): Promise<void> {
  const paths = [
    '/pipelines',
    '/pipelines?sort=name&direction=asc&limit=-1',
    ...pipelineIds.map((id) => `/pipelines/${id}`),
    '/resources?resource_type=stream_data_pipeline',
    '/pipelines/no-such-pipeline',
    '/pipelines?sort=size',
  ];
  for (const path of paths) await api.visit(path);
}
