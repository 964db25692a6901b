import type { Installation } from './installation.js';

/** What an installation has in Kafka and MariaDB, each as a sorted list of names, so that two of them can be compared. */
export interface Traces {
  topics: string[];
  groups: string[];
  /** Keys of the control topic whose last word is no tombstone. */
  controlKeys: string[];
  pipelines: string[];
  tasks: string[];
  transitions: string[];
  policies: string[];
}

/** Groups that the processes themselves are in, whatever pipelines there are. */
const ownGroups = /\.sdp\.(control|status)\./;

export async function tracesOf({ kafka, database, tenant }: Installation): Promise<Traces> {
  const ofTenant = (names: string[]) => names.filter((name) => name.startsWith(`${tenant}.`)).toSorted();
  const keys = async (table: string, ...columns: string[]) => {
    const rows = await database.rows(table, ...columns);
    return [...new Set(rows.map((row) => columns.map((column) => String(row[column])).join(' ')))].toSorted();
  };
  const control = await kafka.lastValues(`${tenant}.sdp.control`);
  return {
    topics: ofTenant(await kafka.topics()),
    groups: ofTenant(await kafka.groups()).filter((group) => !ownGroups.test(group)),
    controlKeys: [...control]
      .filter(([, value]) => value !== null)
      .map(([key]) => key)
      .toSorted(),
    pipelines: await keys('t_stream_data_pipeline', 'f_pipeline_id'),
    tasks: await keys('t_stream_data_pipeline_task', 'f_pipeline_id', 'f_task_index'),
    transitions: await keys('t_stream_data_pipeline_task_transition', 'f_pipeline_id'),
    policies: await keys('t_stream_data_pipeline_policy', 'f_resource', 'f_accessor_id', 'f_operation'),
  };
}

/** The same without these topics. */
export function withoutTopics(traces: Traces, topics: readonly string[]): Traces {
  return { ...traces, topics: traces.topics.filter((topic) => !topics.includes(topic)) };
}
