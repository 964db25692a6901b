import { IsFlag } from './rules.js';

export class MetricsConfig {
  /** Serve GET /metrics. */
  @IsFlag()
  readonly enabled: boolean = true;
}
