import {
  creating,
  deleting,
  getting,
  granting,
  PIPELINES,
  POLICIES,
  type Provocation,
  putting,
} from './provocation.js';
import { PUBLIC_BASE } from '../../../src/platform/http/api-bases.js';

const LONG = '管'.repeat(2001);
const characters = (count: number) => LONG.slice(0, count);

export const nullParameter: readonly Provocation[] = [
  {
    code: 'NullParameter.PipelineName',
    when: 'there is no name',
    request: creating({ name: null }),
    faults: [{ field: 'name', fault: 'is missing' }],
  },
  {
    code: 'NullParameter.IndexBase',
    when: 'there is no index base, and none in the data',
    request: creating({ use_index_base_in_data: false }),
    faults: [{ field: 'index_base', fault: 'is missing' }],
  },
  {
    code: 'NullParameter.Status',
    when: 'the path names the status and the body has none',
    request: putting('taken/attrs/status', {}),
    faults: [{ field: 'status', fault: 'is missing' }],
  },
  {
    code: 'NullParameter.StatusDetails',
    when: 'the path names the status details and the body has none',
    request: putting('taken/attrs/status,status_details', { status: 'close' }),
    faults: [{ field: 'status_details', fault: 'is missing' }],
  },
  {
    code: 'NullParameter.Accessor',
    when: 'a policy has nobody',
    request: granting({ accessor: undefined }),
    faults: [{ field: 'accessor', fault: 'is missing' }],
  },
  {
    code: 'NullParameter.Operations',
    when: 'a policy has no operations',
    request: granting({ operations: null }),
    faults: [{ field: 'operations', fault: 'is missing' }],
  },
  {
    code: 'NullParameter.Resource',
    when: 'a policy has no resource',
    request: deleting(`${POLICIES}?accessor_type=user&accessor_id=bob`),
    faults: [{ field: 'resource', fault: 'is missing' }],
  },
];

export const lengthExceeded: readonly Provocation[] = [
  {
    code: 'LengthExceeded.PipelineID',
    when: 'an id has 41 characters',
    request: creating({ id: 'a'.repeat(41) }),
    faults: [{ field: 'id', fault: 'has 41 characters', limit: 'at most 40 characters' }],
  },
  {
    code: 'LengthExceeded.PipelineName',
    when: 'a name has 41 characters',
    request: creating({ name: characters(41) }),
    faults: [{ field: 'name', fault: 'has 41 characters', limit: 'at most 40 characters' }],
  },
  {
    code: 'LengthExceeded.Tag',
    when: 'a tag has 41 characters',
    request: creating({ tags: [characters(41)] }),
    faults: [{ field: 'tags', fault: 'has a tag of 41 characters', limit: 'at most 40 characters each' }],
  },
  {
    code: 'LengthExceeded.Comment',
    when: 'a comment has 256 characters',
    request: creating({ comment: characters(256) }),
    faults: [{ field: 'comment', fault: 'has 256 characters', limit: 'at most 255 characters' }],
  },
  {
    code: 'LengthExceeded.StatusDetails',
    when: 'status details have 2001 characters',
    request: putting('taken/attrs/status_details', { status_details: LONG }),
    faults: [{ field: 'status_details', fault: 'has 2001 characters', limit: 'at most 2000 characters' }],
  },
  {
    code: 'LengthExceeded.RequestBody',
    when: 'a body has more than a MiB',
    request: creating({ comment: 'x'.repeat(1024 * 1024) }),
    faults: [{ field: '', fault: /^has \d+ bytes$/, limit: 'at most 1048576 bytes' }],
  },
];

export const countExceeded: readonly Provocation[] = [
  {
    code: 'CountExceeded.Tags',
    when: 'there are 6 tags',
    request: creating({ tags: ['1', '2', '3', '4', '5', '6'] }),
    faults: [{ field: 'tags', fault: 'has 6 tags', limit: 'at most 5 tags' }],
  },
  {
    code: 'CountExceeded.Pipelines',
    when: 'there is one pipeline and no more are allowed',
    at: 'full',
    request: creating({}),
    faults: [{ field: '', fault: 'too many pipelines', limit: 'at most 1' }],
  },
  {
    code: 'CountExceeded.Requests',
    when: 'an address asks too often',
    at: 'hurried',
    request: getting(PIPELINES),
    faults: [{ field: '', fault: 'too many requests', limit: '1 a minute' }],
  },
];

export const outOfRange: readonly Provocation[] = [
  {
    code: 'OutOfRange.CpuLimit',
    when: 'a pipeline wants 9 cores',
    request: creating({ deployment_config: { cpu_limit: 9 } }),
    faults: [{ field: 'deployment_config.cpu_limit', fault: 'is 9', limit: '1 to 8' }],
  },
  {
    code: 'OutOfRange.MemoryLimit',
    when: 'a pipeline wants 8193 MiB',
    request: creating({ deployment_config: { memory_limit: 8193 } }),
    faults: [{ field: 'deployment_config.memory_limit', fault: 'is 8193', limit: '100 to 8192' }],
  },
  {
    code: 'OutOfRange.Parallelism',
    when: 'a pipeline wants 17 tasks',
    request: creating({ deployment_config: { parallelism: 17 } }),
    faults: [{ field: 'deployment_config.parallelism', fault: 'is 17', limit: '1 to 16' }],
  },
];

export const unSupported: readonly Provocation[] = [
  {
    code: 'UnSupported.ResourceType',
    when: 'there is no such type of resource',
    request: getting(`${PUBLIC_BASE}/resources?resource_type=dashboard`),
    faults: [{ field: 'resource_type', fault: 'is missing or not supported', limit: 'stream_data_pipeline' }],
  },
  {
    code: 'UnSupported.Policies',
    when: 'rights are given elsewhere',
    at: 'permissionElsewhere',
    isInternal: true,
    request: getting(POLICIES),
  },
  {
    code: 'UnSupported.ContentType',
    when: 'a body is declared as a form',
    request: { ...creating({}), headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'name=x' },
    faults: [{ field: 'Content-Type', fault: 'is application/x-www-form-urlencoded', limit: /^application\/json/ }],
  },
];
