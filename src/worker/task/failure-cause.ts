import { UnusableHandlers } from '../../document/unusable-handlers.js';
import type { TaskFaultCode } from '../../domain/task-fault-codes.js';
import { TlsFilesUnusable } from '../../platform/kafka/broker-tls.js';
import { KafkaFault, toKafkaFault } from '../../platform/kafka/wire/kafka-fault.js';
import { endedByKafka } from '../flow/kafka-trouble.js';
import { TaskFault, TaskMoved } from '../flow/task-fault.js';

/** Why a run of a task failed, as operators are told it. */
export interface FailureCause {
  code: TaskFaultCode;
  text: string;
}

/** What nobody foresaw is TASK_BUG. What keeps Kafka's clients from being made comes as it is. */
export function failureCause(error: unknown): FailureCause {
  const known = knownFault(error);
  return known ? { code: known.code, text: known.message } : { code: 'TASK_BUG', text: bugOf(error) };
}

function knownFault(error: unknown): TaskFault | TaskMoved | undefined {
  if (error instanceof TaskMoved || error instanceof TaskFault) {
    return error;
  }
  if (error instanceof UnusableHandlers) {
    return new TaskFault(error.code, error.message, false, error);
  }
  return error instanceof KafkaFault || error instanceof TlsFilesUnusable
    ? endedByKafka(toKafkaFault(error, 'preparing its connections'))
    : undefined;
}

function bugOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `A mistake of this program: ${text}; report it with the log line "task failed by a bug"`;
}

/** An error as the log of the process writes it; an Error itself would lose its fields on the way there. */
export function loggable(error: unknown): object {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { type: name, message, stack };
}
