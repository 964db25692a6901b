import type { AppConfig } from '../../config/app-config.js';
import type { RunningTaskDto, TaskSettingsDto, ThreadDto } from '../../platform/debug/tasks.dto.js';
import { buildTaskSettings } from './build-task-settings.js';
import type { SupervisedTask } from './supervised-task.js';
import { standingOf } from './task-standing.js';
import type { TaskThread } from './task-thread.js';

/** One thread, for those who look for the cause of a fault. A thread that ends meanwhile has used nothing. */
export async function threadReport(thread: TaskThread, dedicated: ReadonlySet<TaskThread>): Promise<ThreadDto> {
  const { eventLoopUtilization, heapUsedBytes, heapLimitBytes } = await thread.usage();
  return {
    name: thread.name,
    is_dedicated: dedicated.has(thread),
    tasks: [...thread.keys],
    event_loop_utilization: eventLoopUtilization,
    heap_used_bytes: heapUsedBytes,
    heap_limit_bytes: heapLimitBytes,
  };
}

/** One task, with what it held at its last sample, and the settings by which its thread was started. */
export function taskReport(task: SupervisedTask, config: AppConfig): RunningTaskDto {
  const { desired, thread, crashes, last } = task;
  const { revision, state, cause, causeCode, since, attempts, nextAttemptAt } = standingOf(task);
  return {
    ...{ pipeline_id: desired.pipelineId, index: desired.index, revision, desired: desired.desired },
    thread: thread?.name ?? null,
    ...{ state, cause, cause_code: causeCode, since, attempts, next_attempt_at: nextAttemptAt, crashes },
    buffer_bytes: last?.gauges.bufferBytes ?? 0,
    records_in_flight: last?.gauges.recordsInFlight ?? 0,
    bulks_in_flight: last?.gauges.bulksInFlight ?? 0,
    lag: (last?.lag ?? []).map(({ partition, records, seconds = null }) => ({ partition, records, seconds })),
    settings: settingsOf(task, config),
  };
}

/** One by one, since the settings of a task have credentials among them. */
function settingsOf({ desired: wanted, running }: SupervisedTask, config: AppConfig): TaskSettingsDto {
  const desired = running?.desired ?? wanted;
  const settings = buildTaskSettings(config, desired);
  return {
    flush_bytes: settings.flushBytes,
    flush_items: settings.flushItems,
    flush_interval_ms: settings.flushIntervalMs,
    max_buffered_bytes: settings.maxBufferedBytes,
    max_in_flight_bulks: settings.maxInFlightBulks,
    max_record_bytes: settings.maxRecordBytes,
    tombstones: settings.tombstones,
    delivery: settings.delivery,
    document_version: desired.documentVersion,
  };
}
