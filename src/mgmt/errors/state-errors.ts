import { entry, type ErrorEntry } from './error-entry.js';

type Class = 'Duplicated' | 'NotFound' | 'Conflict' | 'PreconditionFailed';

export const stateErrors = {
  'Duplicated.PipelineID': entry(
    403,
    ['A pipeline of this id exists already', 'Choose another id, or leave it out to have one made.'],
    ['管道 id 已存在', '请使用其他 id，或省略该字段由系统生成。'],
  ),
  'Duplicated.PipelineName': entry(
    403,
    ['A pipeline of this name exists already', 'Choose another name.'],
    ['管道名称已存在', '请使用其他名称。'],
  ),
  'NotFound.Pipeline': entry(
    404,
    ['There is no such pipeline', 'Check the id; it may have been deleted.'],
    ['管道不存在', '请检查 id，该管道可能已被删除。'],
  ),
  'NotFound.Route': entry(
    404,
    ['There is nothing at this address', 'Check method and path; the API documentation lists them.'],
    ['请求的地址不存在', '请检查请求方法和路径，详见 API 文档。'],
  ),
  'Conflict.PipelineRunning': entry(
    409,
    ['The pipeline is running', 'Close it first, or delete it with force=true.'],
    ['管道正在运行', '请先关闭管道，或使用 force=true 删除。'],
  ),
  'Conflict.PipelineDeleting': entry(
    409,
    ['The pipeline is being deleted', 'Wait until it is gone; it cannot be changed any more.'],
    ['管道正在删除', '请等待删除完成，期间不能再修改。'],
  ),
  'Conflict.PipelineClosed': entry(
    409,
    ['The pipeline is closed', 'Start it with status running.'],
    ['管道已关闭', '请通过将状态设为 running 来启动它。'],
  ),
  'Conflict.OutputTopicInUse': entry(
    409,
    [
      'The output topic is needed by other pipelines',
      'Delete without delete_output, or delete or change the pipelines that error_details names first.',
    ],
    ['输出主题仍被其他管道使用', '请不带 delete_output 删除，或先删除或修改 error_details 中列出的管道。'],
  ),
  'PreconditionFailed.Version': entry(
    412,
    ['The pipeline was changed by somebody else', 'Read it again, and send the change with its new ETag.'],
    ['管道已被他人修改', '请重新读取管道，并携带新的 ETag 提交修改。'],
  ),
  Unauthorized: entry(
    401,
    ['The caller is not known', 'Send the account as documented.'],
    ['未识别调用者身份', '请按文档提供账户信息。'],
  ),
  Forbidden: entry(
    403,
    ['This is not allowed', 'Ask an administrator, or use the way that error_details names.'],
    ['不允许执行该操作', '请联系管理员，或按 error_details 的提示操作。'],
  ),
} as const satisfies Record<`${Class}.${string}` | 'Unauthorized' | 'Forbidden', ErrorEntry>;
