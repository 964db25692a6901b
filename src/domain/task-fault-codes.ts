/** Why a task does not simply run (`cause_code`): every code, and what it means. docs/troubleshooting.md has the remedies. */
export const TASK_FAULT_CODES = {
  KAFKA_UNAVAILABLE: 'No broker, coordinator or leader answers; the task goes on by itself when one does.',
  KAFKA_TOPIC_MISSING: 'A topic of the pipeline does not exist.',
  KAFKA_ACCESS_DENIED: 'Kafka does not let this service do what the task needs.',
  KAFKA_CONNECTION_REFUSED: 'No connection to Kafka comes about: credentials, a certificate or the port are wrong.',
  KAFKA_REFUSED: 'Kafka answered no, for a reason that waiting alone does not mend.',
  KAFKA_ERROR_TOPIC_REFUSES: 'The error topic takes not even a shortened record.',
  OPENSEARCH_UNAVAILABLE: 'OpenSearch does not answer; the task goes on by itself when it does.',
  OPENSEARCH_BUSY: 'OpenSearch takes no more for now.',
  OPENSEARCH_BLOCKED: 'OpenSearch blocks writes to the index.',
  OPENSEARCH_ACCESS_DENIED: 'OpenSearch does not let this service write.',
  OPENSEARCH_ANSWER_UNUSABLE: 'Something answered that is not OpenSearch, or not to what was asked.',
  INDEX_BASE_MISSING: 'The alias of the pipeline’s own index base is gone.',
  INDEX_BASE_UNAVAILABLE: 'Nobody can tell now whether the index base of a record exists.',
  HANDLER_UNKNOWN: 'The pipeline has a handler that this release does not know.',
  HANDLER_UNUSABLE: 'A handler of the pipeline cannot be used with the settings of this worker.',
  TASK_MOVED: 'Another worker took the task over.',
  TASK_BUG: 'A mistake of this program.',
  THREAD_DIED: 'The thread of the task ended, with all tasks on it.',
  THREAD_OUT_OF_MEMORY: 'The heap of the task’s thread was full.',
  STOP_DEADLINE: 'A stop could not drain what was on the way in time; it is read again.',
  NO_WORKER: 'No worker has ever reported the task.',
  REPORTS_STOPPED: 'The worker of the task has fallen silent.',
} as const;

export type TaskFaultCode = keyof typeof TASK_FAULT_CODES;
