import { IsWholeNumber } from './rules.js';

/** The most that one pipeline may ask for in its deployment_config. */
export class DeploymentLimitsConfig {
  @IsWholeNumber(1, 1024)
  readonly cpuMax: number = 8;

  @IsWholeNumber(100, 1_048_576)
  readonly memoryMaxMiB: number = 8192;
}
