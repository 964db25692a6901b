import type { ErrorCode } from '../errors/error-registry.js';
import { descriptionErrors } from '../pipelines/write-errors.js';

/** POST /pipelines/preview. */
export const previewErrors: readonly ErrorCode[] = [
  ...descriptionErrors.filter((code) => code !== 'Duplicated.PipelineName'),
  'InvalidParameter.Records',
  'InvalidParameter.Peek',
  'NotFound.Pipeline',
];
