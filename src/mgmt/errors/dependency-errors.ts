import { entry, type ErrorEntry } from './error-entry.js';

const unexpected = (name: string, zhName: string): ErrorEntry =>
  entry(
    500,
    [`${name} gave an unexpected answer`, 'Look at the service log with the request id of error_details.'],
    [`${zhName}返回了非预期结果`, '请根据 error_details 中的请求 id 查看服务日志。'],
  );

const unavailable = (name: string, zhName: string): ErrorEntry =>
  entry(
    503,
    [`${name} cannot be reached now`, 'Nothing was left half done. Try again after the time in Retry-After.'],
    [`${zhName}暂时不可用`, '没有遗留未完成的操作，请在 Retry-After 指定的时间后重试。'],
  );

export const dependencyErrors = {
  'InternalError.Database': unexpected('The database', '数据库'),
  'InternalError.Kafka': unexpected('Kafka', 'Kafka '),
  'InternalError.IndexBase': unexpected('The index-base provider', '索引库服务'),
  'InternalError.Permission': unexpected('The permission service', '权限服务'),
  'InternalError.Unexpected': entry(
    500,
    ['The service made a mistake', 'Report it with the request id of error_details.'],
    ['服务内部错误', '请携带 error_details 中的请求 id 反馈该问题。'],
  ),
  'ServiceUnavailable.Database': unavailable('The database', '数据库'),
  'ServiceUnavailable.Kafka': unavailable('Kafka', 'Kafka '),
  'ServiceUnavailable.IndexBase': unavailable('The index-base provider', '索引库服务'),
  'ServiceUnavailable.Authentication': unavailable('The authentication service', '认证服务'),
  'ServiceUnavailable.Permission': unavailable('The permission service', '权限服务'),
  'ServiceUnavailable.Preview': entry(
    503,
    [
      'Records cannot be tried out now',
      'Nothing was changed. Try again after the time in Retry-After; other previews and tests are before this one.',
    ],
    ['暂时无法试运行记录', '没有任何更改，其他预览或测试正在进行，请在 Retry-After 指定的时间后重试。'],
  ),
  'ServiceUnavailable.CreateUndo': entry(
    503,
    [
      'An earlier create of this id or name failed and is still being undone',
      'Try again after the time in Retry-After, or use another id and name.',
    ],
    ['此前使用该 id 或名称的创建失败，正在撤销', '请在 Retry-After 指定的时间后重试，或使用其他 id 和名称。'],
  ),
} as const satisfies Record<`${'InternalError' | 'ServiceUnavailable'}.${string}`, ErrorEntry>;
