import { entry, type ErrorEntry } from './error-entry.js';

type Class = 'NullParameter' | 'LengthExceeded' | 'CountExceeded' | 'OutOfRange' | 'UnSupported';

export const limitErrors = {
  'NullParameter.PipelineName': entry(
    400,
    ['The pipeline name is missing', 'Give a name of 1 to 40 characters.'],
    ['缺少管道名称', '请提供 1 到 40 个字符的名称。'],
  ),
  'NullParameter.IndexBase': entry(
    400,
    ['The index base is missing', 'Name an index base, or set use_index_base_in_data.'],
    ['缺少索引库', '请指定索引库，或启用 use_index_base_in_data。'],
  ),
  'NullParameter.Status': entry(
    400,
    ['The status is missing', 'Give the status that the path names.'],
    ['缺少管道状态', '请提供路径中指定的 status 字段。'],
  ),
  'NullParameter.StatusDetails': entry(
    400,
    ['The status details are missing', 'Give the status_details that the path names.'],
    ['缺少管道状态详情', '请提供路径中指定的 status_details 字段。'],
  ),
  'NullParameter.Accessor': entry(
    400,
    ['The accessor of the policy is missing', 'Give accessor with type and id.'],
    ['缺少策略的访问者', '请提供包含 type 和 id 的 accessor。'],
  ),
  'NullParameter.Operations': entry(
    400,
    ['The operations of the policy are missing', 'Name at least one operation.'],
    ['缺少策略的操作', '请至少指定一个操作。'],
  ),
  'NullParameter.Resource': entry(
    400,
    ['The resource of the policy is missing', 'Give the id of a pipeline, or * for all.'],
    ['缺少策略的资源', '请提供管道 id，或 * 表示全部。'],
  ),
  'LengthExceeded.PipelineID': entry(
    400,
    ['The pipeline id is too long', 'Use at most 40 characters.'],
    ['管道 id 过长', '请使用不超过 40 个字符。'],
  ),
  'LengthExceeded.PipelineName': entry(
    400,
    ['The pipeline name is too long', 'Use at most 40 characters.'],
    ['管道名称过长', '请使用不超过 40 个字符。'],
  ),
  'LengthExceeded.Tag': entry(
    400,
    ['A tag is too long', 'Use at most 40 characters in each tag.'],
    ['标签过长', '每个标签请使用不超过 40 个字符。'],
  ),
  'LengthExceeded.Comment': entry(
    400,
    ['The comment is too long', 'Use at most 255 characters.'],
    ['备注过长', '请使用不超过 255 个字符。'],
  ),
  'LengthExceeded.StatusDetails': entry(
    400,
    ['The status details are too long', 'Use at most 2000 characters.'],
    ['管道状态详情过长', '请使用不超过 2000 个字符。'],
  ),
  'LengthExceeded.RequestBody': entry(
    413,
    ['The request body is too large', 'Send less; the limit is the setting server.bodyLimitKiB.'],
    ['请求体过大', '请减小请求体，上限由配置 server.bodyLimitKiB 决定。'],
  ),
  'CountExceeded.Tags': entry(
    400,
    ['There are too many tags', 'Use at most 5 tags.'],
    ['标签数量过多', '请使用不超过 5 个标签。'],
  ),
  'CountExceeded.Pipelines': entry(
    403,
    ['There are as many pipelines as allowed', 'Delete one, or raise the setting server.maxPipelines.'],
    ['管道数量已达上限', '请删除不需要的管道，或调大配置 server.maxPipelines。'],
  ),
  'CountExceeded.Requests': entry(
    429,
    [
      'There are too many requests',
      'Try again after the time in Retry-After; the limit is the setting server.rateLimitPerMin.',
    ],
    ['请求过于频繁', '请在 Retry-After 指定的时间后重试，上限由配置 server.rateLimitPerMin 决定。'],
  ),
  'OutOfRange.CpuLimit': entry(
    400,
    ['The CPU limit is out of range', 'Use a whole number of cores within the range in error_details.'],
    ['CPU 限额超出范围', '请使用 error_details 所示范围内的整数核数。'],
  ),
  'OutOfRange.MemoryLimit': entry(
    400,
    ['The memory limit is out of range', 'Use a whole number of MiB within the range in error_details.'],
    ['内存限额超出范围', '请使用 error_details 所示范围内的整数（MiB）。'],
  ),
  'OutOfRange.Parallelism': entry(
    400,
    ['The parallelism is out of range', 'Use a whole number within the range in error_details.'],
    ['并行度超出范围', '请使用 error_details 所示范围内的整数。'],
  ),
  'UnSupported.ResourceType': entry(
    400,
    ['The resource type is not supported', 'Use resource_type=stream_data_pipeline.'],
    ['不支持该资源类型', '请使用 resource_type=stream_data_pipeline。'],
  ),
  'UnSupported.Policies': entry(
    400,
    [
      'There are no local policies here',
      'Set permission.mode to local, or give rights where permission.remote.url points.',
    ],
    ['此处不使用本地策略', '请将 permission.mode 设为 local，或在 permission.remote.url 指向的服务中授权。'],
  ),
  'UnSupported.ContentType': entry(
    415,
    ['The content type of the request is not supported', 'Send application/json in UTF-8.'],
    ['不支持该请求内容类型', '请使用 UTF-8 编码的 application/json。'],
  ),
} as const satisfies Record<`${Class}.${string}`, ErrorEntry>;
