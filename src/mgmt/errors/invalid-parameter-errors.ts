import { entry, type ErrorEntry } from './error-entry.js';

const bad = (en: readonly [string, string], zh: readonly [string, string]): ErrorEntry => entry(400, en, zh);

/** A field of the body: what is wrong with it is in error_details. */
const field = (name: string, solution: string, zhName: string, zhSolution: string): ErrorEntry =>
  bad([`The ${name} is not valid`, solution], [`${zhName}无效`, zhSolution]);

export const invalidParameterErrors = {
  'InvalidParameter.RequestBody': bad(
    ['The request body is not valid', 'Send one JSON object in UTF-8 with the documented fields only.'],
    ['请求体无效', '请发送一个 UTF-8 编码的 JSON 对象，且只包含文档中列出的字段。'],
  ),
  'InvalidParameter.Path': bad(
    ['The path of the request is not valid', 'Percent-encode the path correctly.'],
    ['请求路径无效', '请对路径进行正确的百分号编码。'],
  ),
  'InvalidParameter.QueryParameter': bad(
    ['The request has an unknown query parameter', 'Remove it, or correct its name; the API documentation lists them.'],
    ['请求包含未知的查询参数', '请删除该参数或更正其名称，参数列表见 API 文档。'],
  ),
  'InvalidParameter.PipelineID': field(
    'pipeline id',
    'Use 1 to 40 lower-case letters, digits and hyphens, beginning with a letter or digit.',
    '管道 id ',
    '请使用 1 到 40 个小写字母、数字或连字符，并以字母或数字开头。',
  ),
  'InvalidParameter.PipelineName': field(
    'pipeline name',
    'Give a text of 1 to 40 characters.',
    '管道名称',
    '请提供 1 到 40 个字符的文本。',
  ),
  'InvalidParameter.Tag': field(
    'tag',
    'Give a list of texts without the characters that error_details names.',
    '标签',
    '请提供文本列表，且不得包含 error_details 中列出的字符。',
  ),
  'InvalidParameter.Comment': field(
    'comment',
    'Give a text of at most 255 characters.',
    '备注',
    '请提供不超过 255 个字符的文本。',
  ),
  'InvalidParameter.Builtin': field('builtin flag', 'Use true or false.', '内置标识', '请使用 true 或 false。'),
  'InvalidParameter.OutputType': field(
    'output type',
    'Use index_base, the only output type so far.',
    '输出类型',
    '请使用 index_base，目前仅支持此输出类型。',
  ),
  'InvalidParameter.IndexBase': field(
    'index base',
    'Name an index base that exists, or let an administrator create it.',
    '索引库',
    '请指定已存在的索引库，或由管理员创建。',
  ),
  'InvalidParameter.UseIndexBaseInData': field(
    'use_index_base_in_data flag',
    'Use true or false.',
    'use_index_base_in_data ',
    '请使用 true 或 false。',
  ),
  'InvalidParameter.DeploymentConfig': field(
    'deployment configuration',
    'Give an object with cpu_limit, memory_limit, parallelism and isolation as documented.',
    '资源配置',
    '请按文档提供包含 cpu_limit、memory_limit、parallelism 和 isolation 的对象。',
  ),
  'InvalidParameter.Handlers': field(
    'list of handlers',
    'Give each handler a type and the options of that type, as documented; at most 50.',
    '处理器列表',
    '请按文档为每个处理器提供类型及其选项，最多 50 个。',
  ),
  'InvalidParameter.Tests': field(
    'list of tests',
    'Mend the handlers or the tests: error_details has what was expected and what came; or store them with skip_tests=true.',
    '测试列表',
    '请修正处理器或测试：error_details 给出了期望结果和实际结果；也可使用 skip_tests=true 直接保存。',
  ),
  'InvalidParameter.InputTopic': field(
    'input topic',
    'Name a Kafka topic that exists, or leave it out to have one made.',
    '输入主题',
    '请指定已存在的 Kafka 主题，或省略该字段由系统创建。',
  ),
  'InvalidParameter.DocumentVersion': field(
    'document version',
    'Use none or offset.',
    '文档版本方式',
    '请使用 none 或 offset。',
  ),
  'InvalidParameter.Settings': field(
    'object of settings',
    'Give an object with the documented settings, each within its range.',
    '管道设置',
    '请按文档提供设置对象，且各项取值在允许范围内。',
  ),
  'InvalidParameter.Status': field(
    'status',
    'Use one of the statuses that error_details names.',
    '管道状态',
    '请使用 error_details 中列出的状态。',
  ),
  'InvalidParameter.StatusDetails': field('text of the status details', 'Give a text.', '管道状态详情', '请提供文本。'),
  'InvalidParameter.Fields': field(
    'list of attributes in the path',
    'Name status, status_details or both, separated by a comma, each once.',
    '路径中的属性列表',
    '请指定 status、status_details 或两者（以逗号分隔），且不得重复。',
  ),
  'InvalidParameter.IsInnerRequest': field(
    'parameter is_inner_request',
    'Use true or false, once.',
    '参数 is_inner_request ',
    '请使用 true 或 false，且只给出一次。',
  ),
  'InvalidParameter.Force': field(
    'parameter force',
    'Use true or false, once.',
    '参数 force ',
    '请使用 true 或 false，且只给出一次。',
  ),
  'InvalidParameter.DeleteOutput': field(
    'parameter delete_output',
    'Use true or false, once.',
    '参数 delete_output ',
    '请使用 true 或 false，且只给出一次。',
  ),
  'InvalidParameter.SkipTests': field(
    'parameter skip_tests',
    'Use true or false, once.',
    '参数 skip_tests ',
    '请使用 true 或 false，且只给出一次。',
  ),
  'InvalidParameter.Records': field(
    'list of records',
    'Give at most 100 records, each with value or value_base64, as documented.',
    '记录列表',
    '请按文档提供最多 100 条记录，每条包含 value 或 value_base64。',
  ),
  'InvalidParameter.Peek': field(
    'request to look at the input topic',
    'Give an object with last, from 1 to 100.',
    '查看输入主题的请求',
    '请提供包含 last（1 到 100）的对象。',
  ),
  'InvalidParameter.IfMatch': field(
    'header If-Match',
    'Send the ETag of the pipeline as it was read, or *.',
    '请求头 If-Match ',
    '请发送读取管道时得到的 ETag，或 *。',
  ),
  'InvalidParameter.IsListen': field(
    'parameter is_listen',
    'Use true or false, once.',
    '参数 is_listen ',
    '请使用 true 或 false，且只给出一次。',
  ),
  'InvalidParameter.History': field(
    'parameter history',
    'Use true or false, once.',
    '参数 history ',
    '请使用 true 或 false，且只给出一次。',
  ),
  'InvalidParameter.Accessor': field(
    'accessor of a policy',
    'Give its type (role, or the type of an account) and its id.',
    '策略的访问者',
    '请提供其类型（role 或账户类型）和 id。',
  ),
  'InvalidParameter.Operations': field(
    'list of operations',
    'Name operations that error_details lists, each once.',
    '操作列表',
    '请指定 error_details 中列出的操作，且不得重复。',
  ),
  'InvalidParameter.Resource': field(
    'resource of a policy',
    'Give the id of a pipeline, or * for all.',
    '策略的资源',
    '请提供管道 id，或 * 表示全部。',
  ),
  'InvalidParameter.Sort': field(
    'sort field',
    'Use one of the fields that error_details names.',
    '排序字段',
    '请使用 error_details 中列出的字段。',
  ),
  'InvalidParameter.Direction': field('sort direction', 'Use asc or desc.', '排序方向', '请使用 asc 或 desc。'),
  'InvalidParameter.Offset': field('offset', 'Use a whole number from 0.', '偏移量', '请使用大于或等于 0 的整数。'),
  'InvalidParameter.Limit': field(
    'limit',
    'Use a whole number from 1 to 1000, or -1 for all.',
    '分页大小',
    '请使用 1 到 1000 的整数，或 -1 表示全部。',
  ),
  'InvalidParameter.NamePattern': field(
    'name pattern',
    'Give one text that the name contains.',
    '名称过滤条件',
    '请提供一个名称所包含的文本。',
  ),
  'InvalidParameter.Keyword': field(
    'keyword',
    'Give one text that the name contains.',
    '关键字',
    '请提供一个名称所包含的文本。',
  ),
  'InvalidParameter.LogLevel': field(
    'change of the log level',
    'Give level (trace, debug, info, warn or error) and, if it is to end by itself, seconds from 1 to 86400.',
    '日志级别变更',
    '请提供 level（trace、debug、info、warn 或 error），如需自动恢复，请提供 1 到 86400 的 seconds。',
  ),
} as const satisfies Record<`InvalidParameter.${string}`, ErrorEntry>;
