import { testExample } from './dto/pipeline-test.dto.js';

/** Examples of the API document. Tests send the requests to the running service, and hold the answers against the schemas. */
export const createExamples = {
  least: {
    summary: 'Nothing but what must be given',
    value: { name: 'Orders', index_base: 'orders' },
  },
  described: {
    summary: 'With an id of your own, described and given more memory',
    value: {
      id: 'web-access-log',
      name: 'Web access log',
      tags: ['web', 'production'],
      comment: 'Access log of the shop',
      index_base: 'web',
      deployment_config: { cpu_limit: 2, memory_limit: 2048, parallelism: 2, isolation: 'shared' },
      settings: { flush_mib: 10, flush_interval_sec: 5, error_retention_hours: 72 },
    },
  },
  baseInData: {
    summary: 'Each record names its index base',
    value: { id: 'all-logs', name: 'All logs', use_index_base_in_data: true },
  },
  tested: {
    summary: 'With handlers, and tests that say what they do',
    value: {
      ...{ id: 'payments', name: 'Payments', index_base: 'orders' },
      handlers: [
        { type: 'rename', from: 'msg', to: 'message' },
        { type: 'drop', when: { field: 'level', equals: 'debug' } },
      ],
      tests: [
        testExample,
        { name: 'debug lines go', record: { value: '{"level":"debug"}' }, expect: { dropped: true } },
      ],
    },
  },
  latestWins: {
    summary: 'The record with the highest offset wins, tombstones are rejected',
    value: {
      ...{ id: 'stock', name: 'Stock', index_base: 'stock', document_version: 'offset' },
      settings: { tombstones: 'error', delivery: 'exactly_once' },
    },
  },
};

export const updateExamples = {
  renamed: {
    summary: 'Another name; everything else has its default again',
    value: { name: 'Web access log of the shop', index_base: 'web' },
  },
  grown: {
    summary: 'More memory and tasks',
    value: {
      ...{ name: 'Web access log', tags: ['web', 'production'], index_base: 'web' },
      deployment_config: { cpu_limit: 4, memory_limit: 4096, parallelism: 4 },
    },
  },
};

export const attributeExamples = {
  stop: { summary: 'Stop it (path: status)', value: { status: 'close' } },
  start: { summary: 'Start it (path: status)', value: { status: 'running' } },
  explain: { summary: 'Say why (path: status_details)', value: { status_details: 'stopped for maintenance' } },
  both: {
    summary: 'Stop it and say why (path: status,status_details)',
    value: { status: 'close', status_details: 'stopped for maintenance' },
  },
};

export const pipelineExample = {
  id: 'web-access-log',
  name: 'Web access log',
  tags: ['web', 'production'],
  comment: 'Access log of the shop',
  builtin: false,
  output_type: 'index_base',
  index_base: 'web',
  use_index_base_in_data: false,
  deployment_config: { cpu_limit: 2, memory_limit: 2048, parallelism: 2, isolation: 'shared' },
  handlers: [],
  tests: [],
  input_topic: 'default.sdp.web-access-log.input',
  output_topic: 'default.mdl.process.web',
  error_topic: 'default.sdp.web-access-log.error',
  document_version: 'none',
  settings: { flush_mib: 10, flush_interval_sec: 5, error_retention_hours: 72 },
  status: 'running',
  status_details: '',
  create_time: 1767225600000,
  update_time: 1767225600000,
  creator: { id: 'alice', type: 'user', name: 'Alice' },
  updater: { id: 'alice', type: 'user', name: 'Alice' },
  operations: ['view_detail', 'modify', 'delete', 'authorize', 'operate', 'view_data'],
};

export const createdExample = { id: 'web-access-log' };
export const pipelineListExample = { entries: [pipelineExample], total_count: 1 };
