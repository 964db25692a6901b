import type { ErrorCode } from '../errors/error-registry.js';

/** What a description of a pipeline may be answered with, beside the errors of every route. */
export const descriptionErrors: readonly ErrorCode[] = [
  'InvalidParameter.PipelineID',
  'InvalidParameter.PipelineName',
  'InvalidParameter.Tag',
  'InvalidParameter.Comment',
  'InvalidParameter.Builtin',
  'InvalidParameter.OutputType',
  'InvalidParameter.IndexBase',
  'InvalidParameter.UseIndexBaseInData',
  'InvalidParameter.DeploymentConfig',
  'InvalidParameter.Handlers',
  'InvalidParameter.Tests',
  'InvalidParameter.InputTopic',
  'InvalidParameter.DocumentVersion',
  'InvalidParameter.Settings',
  'NullParameter.PipelineName',
  'NullParameter.IndexBase',
  'LengthExceeded.PipelineID',
  'LengthExceeded.PipelineName',
  'LengthExceeded.Tag',
  'LengthExceeded.Comment',
  'CountExceeded.Tags',
  'OutOfRange.CpuLimit',
  'OutOfRange.MemoryLimit',
  'OutOfRange.Parallelism',
  'Duplicated.PipelineName',
  'InternalError.Kafka',
  'InternalError.IndexBase',
  'ServiceUnavailable.Kafka',
  'ServiceUnavailable.IndexBase',
  'ServiceUnavailable.Preview',
];

/** POST /pipelines. */
export const createErrors: readonly ErrorCode[] = [
  ...descriptionErrors,
  'InvalidParameter.SkipTests',
  'CountExceeded.Pipelines',
  'Duplicated.PipelineID',
  'ServiceUnavailable.CreateUndo',
];

/** PUT /pipelines/:id. */
export const updateErrors: readonly ErrorCode[] = [
  ...descriptionErrors,
  'InvalidParameter.SkipTests',
  'InvalidParameter.Path',
  'InvalidParameter.IfMatch',
  'NotFound.Pipeline',
  'Conflict.PipelineDeleting',
  'PreconditionFailed.Version',
];
