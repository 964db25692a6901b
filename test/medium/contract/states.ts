import { PUBLIC_BASE } from '../../../src/platform/http/api-bases.js';
import { creating, deleting, getting, PIPELINES, type Provocation, putting } from './provocation.js';

export const duplicated: readonly Provocation[] = [
  {
    code: 'Duplicated.PipelineID',
    when: 'an id is taken',
    request: creating({ id: 'taken', name: 'Other' }),
    faults: [{ field: 'id', fault: 'is taken' }],
  },
  {
    code: 'Duplicated.PipelineName',
    when: 'a name is taken',
    request: creating({ name: 'Taken' }),
    faults: [{ field: 'name', fault: 'is taken' }],
  },
  {
    code: 'Duplicated.PipelineName',
    when: 'a pipeline gets the name of another one',
    status: 400,
    request: putting('closed', { name: 'Taken', use_index_base_in_data: true }),
    faults: [{ field: 'name', fault: 'is taken' }],
  },
];

export const notFound: readonly Provocation[] = [
  { code: 'NotFound.Pipeline', when: 'there is no such pipeline', request: getting(`${PIPELINES}/nobody`) },
  { code: 'NotFound.Route', when: 'there is no such path', request: getting(`${PUBLIC_BASE}/pipes`) },
];

export const conflict: readonly Provocation[] = [
  {
    code: 'Conflict.PipelineRunning',
    when: 'a pipeline that runs is deleted',
    request: deleting(`${PIPELINES}/taken`),
  },
  {
    code: 'Conflict.PipelineDeleting',
    when: 'a pipeline that is being deleted is stopped',
    request: putting('going/attrs/status', { status: 'close' }),
  },
  {
    code: 'Conflict.PipelineClosed',
    when: 'a pipeline that is closed is restarted',
    request: { method: 'POST', path: `${PIPELINES}/closed/restart` },
  },
  {
    code: 'Conflict.OutputTopicInUse',
    when: 'an output topic is to go that others may write to',
    request: deleting(`${PIPELINES}/kept?force=true&delete_output=true`),
    details: { pipelines: ['closed', 'going', 'taken', 'undone'], hidden_pipelines: 0 },
  },
  {
    code: 'PreconditionFailed.Version',
    when: 'somebody else has changed the pipeline',
    request: {
      ...putting('taken', { name: 'Taken', use_index_base_in_data: true }),
      headers: { 'if-match': '"99-gone"' },
    },
    reason: /^the pipeline has version \d+ now$/,
  },
];

export const access: readonly Provocation[] = [
  {
    code: 'Unauthorized',
    when: 'an internal caller does not say for whom it acts',
    isInternal: true,
    request: { ...getting(PIPELINES), headers: { 'x-account-id': ' ' } },
    reason: /^the header x-account-id .*: it must name the account, in 1 to 40 visible ASCII characters$/,
  },
  {
    code: 'Forbidden',
    when: 'a caller of the public API sends a report',
    request: putting('taken/attrs/status?is_inner_request=true', { status: 'error' }),
    reason: 'is_inner_request is for workers, on the internal port',
  },
];
