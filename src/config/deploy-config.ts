import { IsOneOf } from './rules.js';

export const DEPLOY_MODES = ['shared'] as const;
export type DeployMode = (typeof DEPLOY_MODES)[number];

export class DeployConfig {
  /** shared: the tasks of all pipelines share the workers. */
  @IsOneOf(DEPLOY_MODES)
  readonly mode: DeployMode = 'shared';
}
