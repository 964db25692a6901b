import {
  count,
  measure,
  name,
  oneOf,
  parseMessage,
  pipelineId,
  text,
  type MessageRules,
  type ParsedMessage,
} from './parse-message.js';
import { TASK_REPORT_VERSION, type TaskReport } from './task-report.js';

const rules: MessageRules<TaskReport> = {
  version: oneOf(TASK_REPORT_VERSION),
  pipelineId,
  index: count,
  workerId: name,
  generation: count,
  sequence: count,
  revision: count,
  // Not `unknown`: that is what mgmt calls a task that sends no reports.
  state: oneOf('starting', 'running', 'waiting', 'error', 'stopping', 'stopped', 'moved'),
  cause: text,
  causeCode: text,
  since: measure,
  reportedAt: measure,
  attempts: count,
  nextAttemptAt: measure,
  cpuPercent: measure,
  memoryBytes: measure,
  lagRecords: measure,
  lagSeconds: measure,
  recordsInPerSec: measure,
  indexedPerSec: measure,
  rejectedPerSec: measure,
};

/** Reads one message of the status topic. */
export function parseTaskReport(bytes: Uint8Array): ParsedMessage<TaskReport> {
  return parseMessage(bytes, TASK_REPORT_VERSION, rules);
}
