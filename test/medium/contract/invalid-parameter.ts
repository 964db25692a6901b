import { PUBLIC_BASE } from '../../../src/platform/http/api-bases.js';
import { ofHandlers } from './invalid-handlers.js';
import {
  creating,
  deleting,
  getting,
  granting,
  PIPELINES,
  POLICIES,
  previewing,
  type Provocation,
  putting,
  RESOURCES,
} from './provocation.js';

const FLAG = 'true, false';
const NOT_ALLOWED = 'is not one of the allowed values';
const FORM = 'is not of the allowed form';

const ofCreate: readonly Provocation[] = [
  {
    code: 'InvalidParameter.RequestBody',
    when: 'a field of the body is not known',
    request: creating({ nmae: 'x' }),
    faults: [{ field: 'nmae', fault: 'is not known' }],
  },
  {
    code: 'InvalidParameter.PipelineID',
    when: 'an id has capitals',
    request: creating({ id: 'Upper' }),
    faults: [{ field: 'id', fault: FORM, limit: /^1 to 40 lower-case letters/ }],
  },
  {
    code: 'InvalidParameter.PipelineName',
    when: 'a name is a number',
    request: creating({ name: 5 }),
    faults: [{ field: 'name', fault: 'must be a text' }],
  },
  {
    code: 'InvalidParameter.Tag',
    when: 'a tag has a slash',
    request: creating({ tags: ['a/b'] }),
    faults: [{ field: 'tags', fault: 'has the character "/"', limit: /^none of \/ : \?/ }],
  },
  {
    code: 'InvalidParameter.Comment',
    when: 'a comment is an object',
    request: creating({ comment: {} }),
    faults: [{ field: 'comment', fault: 'must be a text' }],
  },
  {
    code: 'InvalidParameter.Builtin',
    when: 'the builtin flag is a word',
    request: creating({ builtin: 'yes' }),
    faults: [{ field: 'builtin', fault: 'must be true or false', limit: FLAG }],
  },
  {
    code: 'InvalidParameter.OutputType',
    when: 'there is no such output type',
    request: creating({ output_type: 'kafka' }),
    faults: [{ field: 'output_type', fault: NOT_ALLOWED, limit: 'index_base' }],
  },
  {
    code: 'InvalidParameter.IndexBase',
    when: 'an index base has a blank',
    request: creating({ index_base: 'No Base' }),
    faults: [{ field: 'index_base', fault: FORM, limit: /^1 to 100 lower-case letters/ }],
  },
  {
    code: 'InvalidParameter.UseIndexBaseInData',
    when: 'its flag is a number',
    request: creating({ use_index_base_in_data: 1, index_base: 'web' }),
    faults: [{ field: 'use_index_base_in_data', fault: 'must be true or false', limit: FLAG }],
  },
  {
    code: 'InvalidParameter.DeploymentConfig',
    when: 'it has a field that is not known',
    request: creating({ deployment_config: { cpu: 1 } }),
    faults: [{ field: 'deployment_config.cpu', fault: 'is not known' }],
  },
  {
    code: 'InvalidParameter.Tests',
    when: 'a pipeline does not do what one of its tests expects',
    request: creating({
      index_base: undefined,
      tests: [{ name: 'goes', record: { value: '{}' }, expect: { rejected: { code: 'TOMBSTONE' } } }],
    }),
    faults: [
      {
        ...{ field: 'tests[0].expect.rejected.code', fault: /^is "INDEX_BASE_INVALID", expected is "TOMBSTONE"$/ },
        more: { test: 'goes', expected: '"TOMBSTONE"', actual: '"INDEX_BASE_INVALID"' },
      },
    ],
  },
  {
    code: 'InvalidParameter.InputTopic',
    when: 'there is no such input topic',
    request: ({ tenant }) => creating({ input_topic: `${tenant}.nowhere` }),
    faults: [{ field: 'input_topic', fault: /^there is no topic .*\.nowhere$/ }],
  },
  {
    code: 'InvalidParameter.DocumentVersion',
    when: 'there is no such document version',
    request: creating({ document_version: 'time' }),
    faults: [{ field: 'document_version', fault: NOT_ALLOWED, limit: 'none, offset' }],
  },
  {
    code: 'InvalidParameter.Settings',
    when: 'a setting is out of its range',
    request: creating({ settings: { flush_mib: 0 } }),
    faults: [{ field: 'settings.flush_mib', fault: 'is 0', limit: '1 to 100' }],
  },
];

const ofPreviews: readonly Provocation[] = [
  {
    code: 'InvalidParameter.Records',
    when: 'a record to try out has no value',
    request: previewing({ records: [{ value: '{}' }, { offset: 1 }] }),
    faults: [
      {
        ...{ field: 'records[1]', fault: 'needs one of value and value_base64' },
        limit: 'value null is a record without a value',
      },
    ],
  },
  {
    code: 'InvalidParameter.Peek',
    when: 'a preview wants to see 101 records',
    request: previewing({ peek: { last: 101 } }),
    faults: [{ field: 'peek.last', fault: 'is 101', limit: '1 to 100' }],
  },
];

const ofChanges: readonly Provocation[] = [
  {
    code: 'InvalidParameter.SkipTests',
    when: 'skip_tests is a word',
    request: { ...creating({}), path: `${PIPELINES}?skip_tests=yes` },
    faults: [{ field: 'skip_tests', fault: NOT_ALLOWED, limit: FLAG }],
  },
  {
    code: 'InvalidParameter.Status',
    when: 'a caller reports an error',
    request: putting('taken/attrs/status', { status: 'error' }),
    faults: [{ field: 'status', fault: 'is for workers only', limit: 'running, close' }],
  },
  {
    code: 'InvalidParameter.StatusDetails',
    when: 'the status details are a number',
    request: putting('taken/attrs/status_details', { status_details: 7 }),
    faults: [{ field: 'status_details', fault: 'must be a text' }],
  },
  {
    code: 'InvalidParameter.Fields',
    when: 'the path names an attribute that there is not',
    request: putting('taken/attrs/name', { status: 'close' }),
    faults: [{ field: 'fields', fault: '"name" is not known', limit: 'status, status_details' }],
  },
  {
    code: 'InvalidParameter.IsInnerRequest',
    when: 'is_inner_request is a number',
    request: putting('taken/attrs/status?is_inner_request=1', { status: 'close' }),
    faults: [{ field: 'is_inner_request', fault: NOT_ALLOWED, limit: FLAG }],
  },
  {
    code: 'InvalidParameter.Force',
    when: 'force is given twice',
    request: deleting(`${PIPELINES}/taken?force=true&force=true`),
    faults: [{ field: 'force', fault: NOT_ALLOWED, limit: FLAG }],
  },
  {
    code: 'InvalidParameter.DeleteOutput',
    when: 'delete_output is no flag',
    request: deleting(`${PIPELINES}/taken?force=true&delete_output=yes`),
    faults: [{ field: 'delete_output', fault: NOT_ALLOWED, limit: FLAG }],
  },
  {
    code: 'InvalidParameter.IfMatch',
    when: 'If-Match is no ETag',
    request: deleting(`${PIPELINES}/taken`, { 'if-match': '7' }),
    faults: [{ field: 'If-Match', fault: 'is not a list of quoted ETags', limit: '"..." or *' }],
  },
  {
    code: 'InvalidParameter.LogLevel',
    when: 'a log level is shouted',
    request: { method: 'PUT', path: `${PUBLIC_BASE}/log-level`, body: { level: 'LOUD' } },
    faults: [{ field: 'level', fault: /^must be one of/ }],
  },
  {
    code: 'InvalidParameter.Accessor',
    when: 'the accessor of a policy is a text',
    request: granting({ accessor: 'bob' }),
    faults: [{ field: 'accessor', fault: 'must be an object' }],
  },
  {
    code: 'InvalidParameter.Operations',
    when: 'a policy names an operation that there is not',
    request: granting({ operations: ['fly'] }),
    faults: [{ field: 'operations', fault: 'is not a list of different operations', limit: /^view_detail, create,/ }],
  },
  {
    code: 'InvalidParameter.Resource',
    when: 'the resource of a policy is no id',
    request: deleting(`${POLICIES}?resource=A%20B&accessor_type=user&accessor_id=bob`),
    faults: [{ field: 'resource', fault: 'is not the id of a pipeline', limit: 'the id of a pipeline, or * for all' }],
  },
];

const ofQueries: readonly Provocation[] = [
  {
    code: 'InvalidParameter.Path',
    when: 'the path is encoded wrongly',
    request: getting(`${PIPELINES}/%ff`),
    reason: /%ff/,
  },
  {
    code: 'InvalidParameter.QueryParameter',
    when: 'a parameter is not known',
    request: getting(`${PIPELINES}?page=1`),
    faults: [{ field: 'page', fault: 'is not known' }],
  },
  {
    code: 'InvalidParameter.IsListen',
    when: 'is_listen is a word',
    request: getting(`${PIPELINES}/taken?is_listen=yes`),
    faults: [{ field: 'is_listen', fault: NOT_ALLOWED, limit: FLAG }],
  },
  {
    code: 'InvalidParameter.History',
    when: 'history is empty',
    request: getting(`${PIPELINES}/taken/tasks?history=`),
    faults: [{ field: 'history', fault: NOT_ALLOWED, limit: FLAG }],
  },
  {
    code: 'InvalidParameter.Sort',
    when: 'a list cannot be sorted by this',
    request: getting(`${PIPELINES}?sort=id`),
    faults: [{ field: 'sort', fault: NOT_ALLOWED, limit: 'update_time, name' }],
  },
  {
    code: 'InvalidParameter.Direction',
    when: 'there is no such direction',
    request: getting(`${RESOURCES}&direction=up`),
    faults: [{ field: 'direction', fault: NOT_ALLOWED, limit: 'asc, desc' }],
  },
  {
    code: 'InvalidParameter.Offset',
    when: 'an offset is negative',
    request: getting(`${POLICIES}?offset=-1`),
    faults: [{ field: 'offset', fault: FORM, limit: /^a whole number from 0/ }],
  },
  {
    code: 'InvalidParameter.Limit',
    when: 'a limit is 1001',
    request: getting(`${PIPELINES}?limit=1001`),
    faults: [{ field: 'limit', fault: FORM, limit: 'a whole number from 1 to 1000, or -1 for all' }],
  },
  {
    code: 'InvalidParameter.NamePattern',
    when: 'a name pattern is given twice',
    request: getting(`${PIPELINES}?name_pattern=a&name_pattern=b`),
    faults: [{ field: 'name_pattern', fault: 'is given more than once' }],
  },
  {
    code: 'InvalidParameter.Keyword',
    when: 'a keyword is given twice',
    request: getting(`${RESOURCES}&keyword=a&keyword=b`),
    faults: [{ field: 'keyword', fault: 'is given more than once' }],
  },
];

export const invalidParameter: readonly Provocation[] = [
  ...ofCreate,
  ...ofHandlers,
  ...ofPreviews,
  ...ofChanges,
  ...ofQueries,
];
