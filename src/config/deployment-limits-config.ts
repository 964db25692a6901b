import { IsWholeNumber } from './rules.js';

/** The most that one pipeline may ask for in its deployment_config. */
export class DeploymentLimitsConfig {
  /** Cores (cpu_limit). */
  @IsWholeNumber(1, 1024)
  readonly cpuMax: number = 8;

  /** Memory in MiB (memory_limit). */
  @IsWholeNumber(100, 1_048_576)
  readonly memoryMaxMiB: number = 8192;
}
