const value = '{"order":9007199254740993,"msg":"paid","amount":12.50}';

/** Examples of the API document. Tests send the requests to the running service, and hold the answers against the schemas. */
export const previewExamples = {
  described: {
    summary: 'Handlers of a pipeline that is not there yet, and records',
    value: {
      pipeline: {
        ...{ id: 'orders', index_base: 'orders' },
        handlers: [{ type: 'rename', from: 'msg', to: 'message' }],
      },
      records: [{ value, offset: 7, timestamp: 1767225600000 }, { value: 'plain text' }, { value: null }],
    },
  },
  peeked: {
    summary: 'The newest records of a pipeline, as it is',
    value: { id: 'web-access-log', peek: { last: 20 } },
  },
  changed: {
    summary: 'The newest records of a pipeline, with other handlers',
    value: {
      id: 'web-access-log',
      pipeline: { handlers: [{ type: 'rename', from: 'msg', to: 'message' }] },
      peek: { last: 20 },
    },
  },
};

export const previewResultExample = {
  entries: [
    {
      source: { partition: 0, offset: 7, timestamp: 1767225600000 },
      result: 'document',
      document:
        '{"order":9007199254740993,"message":"paid","amount":12.50,"__pipeline_id":"orders","__index_base":"orders","__data_type":"orders","__category":"log","__write_time":1767225600000,"@timestamp":1767225600000,"__id":"orders[0]@7-1767225600000"}',
      ...{ index: 'mdl-orders', id: 'orders[0]@7-1767225600000', output_topic: 'default.mdl.process.orders' },
    },
    {
      source: { topic: 'default.sdp.orders.input', partition: 2, offset: 41, timestamp: 1767225600123 },
      result: 'rejected',
      error: {
        code: 'HANDLER_FAILED',
        reason: 'handlers[1] (convert): amount is "a lot"; it should be a number',
        ...{ stage: 'handler:convert', handler: { index: 1, type: 'convert' } },
      },
    },
    { source: { partition: 0, offset: 2, timestamp: 1767225600456 }, result: 'skipped' },
  ],
  is_complete: true,
};
