import type { DesiredState, Pipeline } from '../../domain/pipeline.js';
import { toPipeline } from './pipeline-row.js';
import type { PipelineEntity } from './pipeline.entity.js';
import { startFaults } from './start-faults.js';
import { readDeployment } from './stored-values.js';

/** A row that an older service has left, as this one understands it. */
export interface OldRow {
  pipeline: Pipeline;
  /** What its status means here: `error` was to run. */
  desired: DesiredState;
  /** What could not be understood, and stands for its default. */
  oddities: string[];
  /** Why it is taken over closed although it may have run; empty for one that is as it should be. */
  obstacle: string;
}

const DESIRED_OF: Readonly<Record<string, DesiredState>> = {
  running: 'running',
  error: 'running',
  close: 'close',
  closing: 'close',
};

export function readOldRow(row: PipelineEntity): OldRow {
  const pipeline = toPipeline(row);
  const obstacle = obstacleOf(row, pipeline);
  const desired = obstacle === '' ? (DESIRED_OF[row.status ?? ''] ?? 'close') : 'close';
  return { pipeline, desired, oddities: odditiesOf(row), obstacle };
}

function obstacleOf({ status, outputType }: PipelineEntity, pipeline: Pipeline): string {
  if (DESIRED_OF[status ?? ''] === undefined) {
    return `f_pipeline_status was ${told(status)}, which says nothing here: start the pipeline if it is to run`;
  }
  if (outputType !== 'index_base') {
    return `f_output_type was ${told(outputType)}, and only index_base can be written to: change the pipeline, then start it`;
  }
  const [fault] = startFaults(pipeline);
  return fault ? `${fault.field} ${fault.fault}: ${fault.limit ?? 'change the pipeline, then start it'}` : '';
}

function odditiesOf(row: PipelineEntity): string[] {
  const { oddity } = readDeployment(row.deploymentConfig);
  const needed = { f_tags: row.tags, f_deployment_config: row.deploymentConfig, f_index_base: row.indexBase };
  const nulls = Object.entries(needed)
    .filter(([, value]) => value === null)
    .map(([column]) => `${column} is NULL`);
  return oddity === undefined ? nulls : [oddity, ...nulls];
}

function told(value: string | null): string {
  return value === null ? 'NULL' : `"${value}"`;
}
